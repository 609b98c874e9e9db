"""Sightline: a desktop image classifier."""

import os

__version__ = "0.1.0"

# Else pydantic reads the entry points of every installed package, to see whether one of them wants to change
# how documents are validated.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
