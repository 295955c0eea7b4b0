"""What a reader takes away: script, notebook, regression table, Excel, pictures and the briefing."""
