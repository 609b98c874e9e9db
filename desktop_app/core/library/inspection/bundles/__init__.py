"""What other programs export: an archive or a folder with a model, its labels and a description."""
