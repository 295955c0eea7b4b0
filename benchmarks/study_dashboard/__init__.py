"""A rebuilt version of the study's dashboard, for comparison."""
