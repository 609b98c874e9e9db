"""Data sets, trainings and runs, for the window."""
