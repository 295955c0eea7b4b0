"""The parts of each page, one module a page, and those that pages share."""
