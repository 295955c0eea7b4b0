"""A reader's own table: read, turned into a panel, asked and answered."""
