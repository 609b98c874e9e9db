"""Batch jobs, for the window."""
