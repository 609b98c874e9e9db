"""Fitting a picture to the input of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.images.decoding.fitting import seen_box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.images.decoding.fitting import Box, Fitting, Resample, View


_FILTERS: dict[Resample, Image.Resampling] = {
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
    "nearest": Image.Resampling.NEAREST,
}


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
    views = [_scaled(picture, size, fitting.resample, box) for box in fitting.boxes(picture.size)]
    return views_together([np.array(view if view.mode == "RGB" else view.convert("RGB")) for view in views])


def _scaled(picture: Image.Image, size: tuple[int, int], resample: Resample, box: Box) -> Image.Image:
    """Scale a part of a picture to a width and height."""
    if resample != "keras":
        return picture.resize(size, _FILTERS[resample], box=box)
    left, top, right, bottom = box
    numbers = np.asarray(picture if picture.mode == "RGB" else picture.convert("RGB"))
    above, below, down = _neighbours(top, bottom, size[1], len(numbers))
    rows = numbers[above] * (1 - down)[:, None, None] + numbers[below] * down[:, None, None]
    before, after, across = _neighbours(left, right, size[0], numbers.shape[1])
    found = rows[:, before] * (1 - across)[:, None] + rows[:, after] * across[:, None]
    return Image.fromarray((found + 0.5).astype(np.uint8))


def _neighbours(
    start: float, end: float, count: int, size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """The two rows or columns that each one of the result lies between, and the share of the second.

    Centres lie upon centres, and beyond the rim the last one counts, as `tf.image.resize` has it.
    """
    places = start + (np.arange(count) + 0.5) * ((end - start) / count) - 0.5
    first = np.floor(places).astype(np.int64)
    share = (places - first).astype(np.float32)
    return first.clip(0, size - 1), (first + 1).clip(0, size - 1), share


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
