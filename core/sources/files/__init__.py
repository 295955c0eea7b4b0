"""Reading of files whatever they contain: workbooks, CSV and archives, with size limits and checks."""
