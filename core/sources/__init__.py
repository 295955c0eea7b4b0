"""One module per published file: its declaration, and a reader that returns a checked tidy table."""
