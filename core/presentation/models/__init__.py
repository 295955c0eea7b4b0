"""What the pages say and draw of a fitted model."""
