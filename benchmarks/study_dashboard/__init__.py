"""A dashboard as the study's was, for comparison."""
