"""Small pictures of files, made in a lane of their own: the latest request comes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.core.images.sources import FileSource, ReadPicture
from desktop_app.workers.threads.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.workers.threads.task import Lane

SIDE = 96
"""Longest side in pixels."""

MOST_WAITING = 1000
"""Waiting requests, more than any list shows at once; older ones are dropped."""


@dataclass(frozen=True, slots=True)
class PictureThumbnail:
    """A small picture of a file: uint8 ``(h, w, 3)`` RGB, C-contiguous; None when it cannot be read.

    Attributes:
        path: What was asked for: the path of a file, or also how it is read.
        pixels: The small picture.
    """

    path: Path | ReadPicture
    pixels: NDArray[np.uint8] | None = field(repr=False, compare=False)


def thumbnail_wishes(lane: Lane, on_ready: Callable[[PictureThumbnail], object]) -> Wishes:
    """Have a lane make thumbnails of the requested paths; `on_ready` receives each."""
    return Wishes(
        lane,
        _make,
        on_result=lambda path, pixels: on_ready(PictureThumbnail(path, pixels)),
        on_failure=lambda path, _reason: on_ready(
            PictureThumbnail(path, None)
        ),  # the data set's report gives the reason
        most=MOST_WAITING,
    )


def _make(wish: Path | ReadPicture) -> NDArray[np.uint8]:
    from desktop_app.core.images.decoding.reading import AS_STORED
    from desktop_app.core.images.load import load_preview

    path, reading = (wish.path, wish.reading) if isinstance(wish, ReadPicture) else (wish, AS_STORED)
    pixels, _full_size = load_preview(FileSource(path), SIDE, reading=reading)
    return pixels
