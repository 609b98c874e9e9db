"""Boxes around objects, as sets for detection have them, and pictures cut out by them."""
