"""Labels of pictures from wherever they stand: the folders' names, files beside the pictures, or both."""
