"""The street-level crime that data.police.uk publishes: its archives, counted by small area."""
