"""Readers of what instruments write: numbers with their range, planes and bands."""
