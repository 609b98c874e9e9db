"""Step 3: the training while it runs."""
