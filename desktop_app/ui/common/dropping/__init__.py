"""Dropping and pasting pictures."""
