"""Installed models: their cards, where they are kept, and how they come and go."""
