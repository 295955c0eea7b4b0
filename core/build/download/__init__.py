"""Fetching what publishers put out, and merging new editions."""
