"""The library of models, for the window."""
