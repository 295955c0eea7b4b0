"""Where small areas lie: neighbours, distances, clusters, and maps of them."""
