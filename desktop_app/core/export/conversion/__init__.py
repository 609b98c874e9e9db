"""Turning a network into a model of stock layers, and that into the files of each format."""
