"""Step 2: the network and its settings."""
