"""Step 4: what came of it."""
