"""VGG19 with its published ImageNet weights, and its convolutions alone."""
