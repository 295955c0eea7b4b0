"""The briefing: a view as a document, for the web and for Word."""
