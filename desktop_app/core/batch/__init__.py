"""Whole folders: a job is a file with its pictures and, as they come, their predictions."""
