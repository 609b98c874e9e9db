"""The frames of an animation, as planes of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from desktop_app.core.images.science.frames import Frames

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FORMATS = frozenset({"GIF", "PNG", "WEBP", "AVIF"})
"""Formats whose pictures follow each other; sizes in an icon, or extras behind a phone's photo, do not."""


def frames_of(image: Image.Image) -> Frames | None:
    """Take an opened picture for a stack; None when it is none.

    Args:
        image: An opened picture; reading moves it to the frame that is read.
    """
    if image.format not in _FORMATS or not getattr(image, "is_animated", False):
        return None
    width, height = image.size

    def read(plane: int) -> NDArray[Any]:
        image.seek(plane)
        cover = image.convert("RGBA")
        paper = Image.new("RGB", cover.size, "white")
        paper.paste(cover, mask=cover.getchannel("A"))
        return np.asarray(paper)

    return Frames(
        kind=image.format,
        height=height,
        width=width,
        bands=3,
        dtype=np.dtype(np.uint8),
        read=read,
        colours="rgb",
        planes=int(getattr(image, "n_frames", 1)),
        plane_word="frames",
        needed_bytes=20 * width * height,
    )
