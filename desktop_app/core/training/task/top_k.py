"""How many of the most likely classes count for the top-k accuracy."""

from __future__ import annotations


def top_k_for(class_count: int) -> int:
    """The k of the top-k figures: 3, or 5 from 20 classes on; 1 (none) for fewer than four."""
    if class_count < 4:
        return 1
    return 5 if class_count >= 20 else 3
