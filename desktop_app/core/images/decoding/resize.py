"""Fitting a picture to the input of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray


def resize(
    image: NDArray[np.uint8], height: int, width: int, fit: Literal["squash", "crop"]
) -> NDArray[np.uint8]:
    """Scale a picture, antialiased (bicubic; the filter widens with the scale when shrinking).

    Args:
        image: uint8 ``(H, W, 3)`` RGB.
        height: Height of the result, in pixels, from 1.
        width: Width of the result, in pixels, from 1.
        fit: ``squash`` scales each side on its own: the whole picture is kept and its shape may change;
            ``crop`` scales until the picture just covers the result (for a square: the shorter side fits) and
            keeps the centre.

    Returns:
        uint8 ``(height, width, 3)``, C-contiguous; always a new array.
    """
    return np.array(resized(Image.fromarray(image), height, width, fit))


def resized(image: Image.Image, height: int, width: int, fit: Literal["squash", "crop"]) -> Image.Image:
    """Scale a picture of Pillow's, of 8 bits a channel, as `resize` does.

    Returns:
        A new picture in the same mode.
    """
    full_width, full_height = image.size
    left = top = 0.0
    if fit == "crop":
        scale = min(full_width / width, full_height / height)
        left = max(full_width - width * scale, 0) / 2  # rounding may bring it just below 0
        top = max(full_height - height * scale, 0) / 2
    box = (left, top, full_width - left, full_height - top)
    return image.resize((width, height), Image.Resampling.BICUBIC, box=box)


def fit_inside(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    """Shrink a size to a longest side, keeping its proportion; a smaller one stays as it is.

    Args:
        size: Width and height in pixels.
        max_side: Largest width and height, from 1.

    Returns:
        Height and width, each at least 1.
    """
    width, height = size
    scale = min(1.0, max_side / max(width, height))
    return max(1, round(height * scale)), max(1, round(width * scale))
