"""The Models pane: cards of the installed models."""
