"""How the folders of a data set stand for classes and subsets."""
