"""The list of TensorFlow Lite operators: what options each may have, and the shape of what it gives."""
