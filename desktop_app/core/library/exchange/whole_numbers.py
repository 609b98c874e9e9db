"""Networks whose input holds whole numbers: pixels that it cannot hold would lose the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.networks.pixels import affine_of, pixel_choices

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.result.network_summary import NetworkSummary
    from desktop_app.core.networks.pixels import Preprocessing

_RANGES = {"uint8": (0, 255), "int8": (-128, 127)}
_SHADES = 256
_FEWEST = 32
"""Shades that a quantised input must tell apart: one that was measured on dark pictures cuts off the rest."""


def check_pixels(name: str, summary: NetworkSummary, pixels: Preprocessing) -> None:
    """Refuse pixel values that the input of a network cannot hold.

    As whole numbers, 0..1 are black and white, and -1..1 three shades: the network would answer as if nothing
    were wrong.

    Args:
        name: The model or its file, printable.
        summary: The network.
        pixels: The pixel values.

    Raises:
        UsageError: Too few of 256 shades stay apart.
    """
    if summary.dtype == "float32":
        return
    plain = (summary.scale, summary.zero_point) == (1, 0)
    shades = _shades(summary, pixels)
    if shades >= (_SHADES if plain else _FEWEST):
        return
    fitting = [
        choice for choice in pixel_choices(summary.channels) if _shades(summary, choice) > _SHADES * 3 // 4
    ]
    raise UsageError(
        f"{name} takes whole numbers, which hold {shades} of {_SHADES} shades with the pixels '{pixels}'.",
        f"Choose {' or '.join(fitting)}." if fitting else "Leave the choice of pixels to its file.",
    )


def _shades(summary: NetworkSummary, pixels: Preprocessing) -> int:
    """How many shades of a channel stay apart in whole numbers, in the channel with the fewest."""
    low, high = _RANGES[summary.dtype]
    affine = affine_of(pixels)
    counts = []
    for channel in range(summary.channels):
        scale, offset = (numbers[channel % len(numbers)] for numbers in (affine.scale, affine.offset))
        held = {
            min(high, max(low, round((scale * shade + offset) / summary.scale) + summary.zero_point))
            for shade in range(_SHADES)
        }
        counts.append(len(held))
    return min(counts)
