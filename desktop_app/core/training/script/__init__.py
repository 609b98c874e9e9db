"""A run as a Keras script that trains the same network on the same pictures."""
