"""Which pictures train a network, which validate it and which test it."""
