"""Sorting a job's pictures into folders: preview, progress, undo."""
