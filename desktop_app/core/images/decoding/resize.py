"""Fitting a picture to the input of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.images.decoding.fitting import seen_box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.images.decoding.fitting import Fitting, View


def resize(
    image: NDArray[np.uint8], height: int, width: int, view: View, crop_share: float = 1.0
) -> NDArray[np.uint8]:
    """Scale a picture, antialiased (bicubic; the filter widens with the scale when shrinking).

    Args:
        image: uint8 ``(H, W, 3)`` RGB.
        height: Height of the result, in pixels, from 1.
        width: Width of the result, in pixels, from 1.
        view: ``squash`` scales each side on its own: the whole picture is kept and its shape may change;
            ``crop`` scales until the picture just covers the result (for a square: the shorter side fits) and
            keeps the centre.
        crop_share: Share of the largest centred crop that ``crop`` keeps, per side: above 0, 1 at most.

    Returns:
        uint8 ``(height, width, 3)``, C-contiguous; always a new array.
    """
    return np.array(resized(Image.fromarray(image), height, width, view, crop_share))


def fitted(image: NDArray[np.uint8] | Image.Image, fitting: Fitting) -> NDArray[np.uint8]:
    """Bring a picture to the size of a network.

    Args:
        image: uint8 ``(H, W, 3)`` RGB, or a picture of Pillow's as `pixels.as_srgb` gives it.
        fitting: What decides which pixels the network sees.

    Returns:
        As of `views_together`.
    """
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    size = (fitting.width, fitting.height)
    views = [picture.resize(size, Image.Resampling.BICUBIC, box=box) for box in fitting.boxes(picture.size)]
    return views_together([np.array(view if view.mode == "RGB" else view.convert("RGB")) for view in views])


def views_together(views: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Put the views of a picture together, each uint8 ``(height, width, 3)``.

    Returns:
        The only view as it is, or all as ``(views, height, width, 3)``.
    """
    return views[0] if len(views) == 1 else np.stack(views)


def resized(image: Image.Image, height: int, width: int, view: View, crop_share: float = 1.0) -> Image.Image:
    """Scale a picture of Pillow's, of 8 bits a channel, as `resize` does.

    Returns:
        A new picture in the same mode.
    """
    box = seen_box(image.size, height, width, view, crop_share)
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
