"""Grey pictures of 16-bit, 32-bit and floating-point numbers: which numbers are black and white."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image

from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

NUMERIC_MODES = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})

_WHITES = tuple(2.0**bits - 1 for bits in (8, 10, 12, 14, 16))
"""White of the usual cameras and scanners, which store 10, 12 or 14 bits in 16."""


class Levels(NamedTuple):
    """The numbers that become black and white; ``black`` is the larger one in a negative."""

    black: float
    white: float


def find_levels(
    image: Image.Image, boxes: Iterable[tuple[int, int, int, int]], reading: PixelReading = AS_STORED
) -> Levels:
    """Choose black and white.

    PNG and PPM define white as 65535. TIFF does not say, so the numbers do: integers lie in the smallest
    usual bit depth that holds them all, floats in 0..1 or 0..255, and all others in their own range.

    Args:
        image: A loaded picture of a mode in `NUMERIC_MODES`.
        boxes: Tiles that cover it, each as left, top, right, bottom.
        reading: Decisions on black and white, which go before everything else.
    """
    if reading.black is not None and reading.white is not None:
        return Levels(reading.black, reading.white)
    if image.format in {"PNG", "PPM"} and image.mode != "F":
        return Levels(0, 65535)
    low, high = _finite_range(image, boxes)
    whites = (1.0, 255.0) if image.mode == "F" else _WHITES
    fitting = [white for white in whites if high <= white]
    levels = Levels(0, fitting[0]) if low >= 0 and fitting else Levels(low, high)
    white_is_zero = getattr(image, "tag_v2", {}).get(262) == 0  # TIFF's PhotometricInterpretation
    return Levels(levels.white, levels.black) if white_is_zero else levels


def to_grey(tile: Image.Image, levels: Levels) -> Image.Image:
    """Scale numbers to a picture of mode L; not-a-number becomes black, infinities black and white."""
    wide_enough = np.float32 if tile.mode.startswith("I;16") else np.float64
    with np.errstate(all="ignore"):  # infinities and signalling not-a-numbers are in the file, not our doing
        values: NDArray[np.floating[Any]] = np.asarray(tile).astype(wide_enough)
        values -= levels.black
        values *= 255 / (levels.white - levels.black or 1.0)
        np.rint(values, out=values)
    values.clip(0, 255, out=values)
    if tile.mode == "F":
        values[np.isnan(values)] = 0
    return Image.fromarray(values.astype(np.uint8))


def _finite_range(image: Image.Image, boxes: Iterable[tuple[int, int, int, int]]) -> tuple[float, float]:
    lows, highs = [], []
    for box in boxes:
        values = np.asarray(image.crop(box))
        values = values[np.isfinite(values)] if image.mode == "F" else values
        if values.size:
            lows.append(float(values.min()))
            highs.append(float(values.max()))
    return min(lows, default=0.0), max(highs, default=0.0)
