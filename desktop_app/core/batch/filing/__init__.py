"""Sorting a job's pictures into folders by label, with a journal that undo reads."""
