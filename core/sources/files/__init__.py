"""How files are read whatever they hold: workbooks, CSV, archives, their limits and their checks."""
