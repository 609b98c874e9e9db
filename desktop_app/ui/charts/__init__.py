"""Curves, confusion matrix and sparklines."""
