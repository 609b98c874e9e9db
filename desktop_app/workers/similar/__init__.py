"""Similar pictures and groups of them, for the window."""
