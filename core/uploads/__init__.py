"""Uploaded newer files of a publisher, used for one visit."""
