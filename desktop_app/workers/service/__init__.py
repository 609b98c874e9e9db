"""The local API, for the window."""
