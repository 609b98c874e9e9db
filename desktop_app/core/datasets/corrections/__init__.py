"""A person's corrections of a data set: kept beside it, and applied to it."""
