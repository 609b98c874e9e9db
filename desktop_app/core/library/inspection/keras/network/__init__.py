"""The network that a Keras configuration describes: its layers, their shapes, the memory it needs."""
