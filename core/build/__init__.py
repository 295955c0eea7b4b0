"""Builds ``data/``: reads the published files, checks them, writes tidy tables and describes them."""
