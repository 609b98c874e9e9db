"""The table of a job's pictures."""
