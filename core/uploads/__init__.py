"""A publisher's newer files, used in one visit."""
