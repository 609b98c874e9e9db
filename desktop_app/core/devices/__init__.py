"""Which device runs the models, how busy it is, and why it is not a GPU, without importing TensorFlow."""
