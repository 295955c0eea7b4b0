"""Use of force: workbooks, records by quarter, incidents, and counts that others published."""
