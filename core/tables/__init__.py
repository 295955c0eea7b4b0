"""Tables: schema and catalogue, panel, calendars, shapes and input checks."""
