"""Figures and names in words."""

from __future__ import annotations

import re


def percentage(probability: float) -> str:
    """Write a probability (0..1) as a percentage with one decimal; it is never broken across lines."""
    return f"{100 * probability:.1f}\N{NO-BREAK SPACE}%"


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


def breakable(text: str) -> str:
    """Let a label break long names and paths: after their separators, and anywhere after 16 characters.

    Decimal numbers stay whole.
    """
    text = re.sub(r"([/\\_\-@=&?]|(?<!\d)\.|\.(?!\d))(?=\w)", "\\1\N{ZERO WIDTH SPACE}", text)
    return re.sub(r"([^\s\N{ZERO WIDTH SPACE}]{16})(?=[^\s])", "\\1\N{ZERO WIDTH SPACE}", text)


def remaining(seconds: float) -> str:
    """Write an estimate of a time to wait, as roughly as it is known."""
    if seconds < 60:
        return f"{max(5 * round(seconds / 5), 1)} s"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def time_span(seconds: float) -> str:
    """Write how long a training or a job took."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
