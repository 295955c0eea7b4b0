"""How the process runs: memory, sockets, logs and how many pages are drawn at once."""
