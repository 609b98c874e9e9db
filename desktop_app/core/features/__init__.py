"""Pictures as points: the features that a network of the box sees in them, and what follows from them."""
