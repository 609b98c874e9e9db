"""TensorFlow Lite models, read within limits: operators on a list, sizes, what goes in and what comes out."""
