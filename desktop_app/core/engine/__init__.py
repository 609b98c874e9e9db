"""Loading TensorFlow, and other large libraries, without stopping the other threads."""
