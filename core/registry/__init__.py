"""What the app has: its pages and its studies, each registered in one place; whatever lists them reads it here."""
