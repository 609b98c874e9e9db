"""Step 4: the results."""
