"""What a table is: its schema and catalogue, the panel, calendars and shapes, and the checks at the edge."""
