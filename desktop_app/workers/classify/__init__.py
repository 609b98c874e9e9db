"""Pictures and their labels, for the window."""
