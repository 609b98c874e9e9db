"""The list of jobs, and a job in words."""
