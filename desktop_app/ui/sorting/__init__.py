"""Sorting an unsorted folder into classes by dragging groups of similar pictures."""
