"""The front page's answers, the verdicts of all studies, and the tour."""
