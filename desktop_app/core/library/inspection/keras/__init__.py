"""Models in a `.keras` archive."""
