"""Counts and parts in words, the same wherever they are told."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write a number with what it counts: "1 picture", "12,000 pictures".

    Args:
        number: How many.
        noun: One of them.
        plural: Several of them; the noun with an s by default.
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def percent(part: float) -> str:
    """Write a part (0..1) as a percentage with one decimal: "75.0 %"."""
    return f"{100 * part:.1f} %"
