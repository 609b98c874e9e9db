"""Installed models: their cards, their folders, and how they are added and removed."""
