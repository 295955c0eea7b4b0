"""What a page asks, as data: questions, preset models, links and specification curves."""
