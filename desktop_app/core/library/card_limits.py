"""What is fixed about every model's card, for those who need no card: its schema takes long to build."""

from __future__ import annotations

CARD_FILE = "card.json"
MAX_CARD_BYTES = 8 * 1024 * 1024
"""A card with 100,000 long class names stays below this; anything larger is not a card."""

FEATURES_FILE = "features.f16"
"""Features of training pictures, beside the card: 16-bit floats, little-endian, rows of unit length."""

MAX_ID = 100
"""Characters in a model's id, and in the name of its weights file."""

MAX_NAME = 200
"""Characters in a model's readable name."""
