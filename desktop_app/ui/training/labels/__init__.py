"""Step 1: labels that are probably wrong, and what the user decides about them."""
