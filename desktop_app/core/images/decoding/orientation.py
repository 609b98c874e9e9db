"""EXIF orientation: the camera was held in one of eight ways (EXIF 3.0, tag 274)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.images.science.turning import turn

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TAG = 274

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture of each orientation but the first upright."""


def read_orientation(image: Image.Image) -> int:
    """Read the orientation, 1 (upright) to 8.

    TIFF counts as upright because Pillow turns it while loading; so does a picture whose EXIF is damaged.
    """
    if image.format == "TIFF":
        return 1
    try:
        value = image.getexif().get(_TAG, 1)
    except Exception:  # noqa: BLE001 damaged remarks about a picture must not cost the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def turned(sides: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Swap two sides where the orientation (5 to 8) lays the picture on its side."""
    return (sides[1], sides[0]) if orientation >= 5 else sides


def upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn and mirror pixels ``(H, W, 3)`` so that the picture stands upright; the result is C-contiguous."""
    return np.ascontiguousarray(turn(pixels, orientation))


def upright_picture(image: Image.Image, orientation: int) -> Image.Image:
    """Turn and mirror a picture of Pillow's as `upright` does with pixels."""
    return image if orientation == 1 else image.transpose(_TURNS[orientation])
