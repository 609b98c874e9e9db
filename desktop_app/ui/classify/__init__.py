"""The Classify pane: drop a picture, read its labels."""
