"""Figures in words."""

from __future__ import annotations


def percentage(probability: float) -> str:
    """Write a probability (0..1) as a percentage with one decimal."""
    return f"{100 * probability:.1f} %"


def megabytes(count: int) -> str:
    """Write a number of bytes in decimal units, as download pages and file managers do."""
    if count < 1_000_000:
        return f"{max(count, 0) / 1_000:.0f} kB"
    if count < 100_000_000:
        return f"{count / 1_000_000:.1f} MB"
    if count < 1_000_000_000:
        return f"{count / 1_000_000:.0f} MB"
    return f"{count / 1_000_000_000:.1f} GB"


def duration(seconds: float) -> str:
    """Write how long an answer took."""
    return f"{1000 * seconds:.0f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def pixel_size(width: int, height: int) -> str:
    """Write the size of a picture."""
    return f"{width:,} \N{MULTIPLICATION SIGN} {height:,}"
