"""Turning and mirroring an array by an EXIF orientation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray


def turn(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Turn and mirror an array ``(H, W, ...)`` so that the picture stands upright; the result is a view."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if orientation in {3, 4, 7, 8}:
        pixels = pixels[::-1]
    if orientation in {2, 3, 6, 7}:
        pixels = pixels[:, ::-1]
    return pixels
