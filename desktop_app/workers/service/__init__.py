"""The label service, for the window."""
