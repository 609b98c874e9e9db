"""Whole folders: a job is a file that knows its pictures and, as they come, their answers."""
