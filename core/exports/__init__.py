"""Downloads: script, notebook, regression table, Excel, pictures and the briefing."""
