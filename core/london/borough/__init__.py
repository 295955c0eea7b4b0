"""One borough: how much its residents trust the police, what comes next, and what else is known of it."""
