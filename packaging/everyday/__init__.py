"""Trains the built-in model Everyday; not part of the app."""
