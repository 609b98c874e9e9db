"""Tests of the translation of Keras 2 files."""
