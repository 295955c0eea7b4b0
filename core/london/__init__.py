"""Use of force and public trust in the boroughs of London."""
