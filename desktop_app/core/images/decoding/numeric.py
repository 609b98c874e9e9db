"""Grey pictures of 16-bit, 32-bit and floating-point numbers as Pillow opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.images.decoding.levels import LEFT_EMPTY, Levels, finite_range, to_bytes, usual_levels
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading

if TYPE_CHECKING:
    from collections.abc import Iterable

NUMERIC_MODES = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})


def find_levels(
    image: Image.Image, boxes: Iterable[tuple[int, int, int, int]], reading: PixelReading = AS_STORED
) -> Levels:
    """Choose black and white.

    PNG and PPM define white as 65535. TIFF does not say, so the numbers do, as `usual_levels` describes.

    Args:
        image: A loaded picture of a mode in `NUMERIC_MODES`.
        boxes: Tiles that cover it, each as left, top, right, bottom.
        reading: Decisions on black and white, which go before everything else.
    """
    if reading.black is not None and reading.white is not None:
        return Levels(reading.black, reading.white)
    if image.format == "PPM" and image.mode != "F":
        return Levels(0, 65535)
    ranges = [found for box in boxes if (found := finite_range(np.asarray(image.crop(box)))) is not None]
    low, high = min((r[0] for r in ranges), default=0.0), max((r[1] for r in ranges), default=0.0)
    if image.format == "PNG" and high > LEFT_EMPTY:
        return Levels(0, 65535)
    return usual_levels(low, high, np.dtype(np.float32 if image.mode == "F" else np.int32))


def to_grey(tile: Image.Image, levels: Levels) -> Image.Image:
    """Scale numbers to a picture of mode L; not-a-number becomes black, infinities black and white."""
    return Image.fromarray(to_bytes(np.asarray(tile), levels))
