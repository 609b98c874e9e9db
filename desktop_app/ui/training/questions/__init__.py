"""Step 1: what only a person can decide about the data, and what was decided."""
