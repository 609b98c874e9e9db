"""What the classes of ImageNet are kinds of: WordNet's tree, and the kinds that people name."""
