"""The label service's dialog."""
