"""The calls that find, fetch and decode pictures; made in lanes."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.images.sources import FileSource, LinkSource, Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.foundation.errors import Reason, UnreadableImage
    from desktop_app.core.images.decoding.decode import Layout
    from desktop_app.core.networks.input_spec import Fitting

FOUND_AT_ONCE = 200
"""Pictures of a folder that are sent together, so that a long scan shows results early."""

THUMBNAIL_SIDE = 192
"""Longest side of a thumbnail in pixels: 96 at 200 % scale."""


@dataclass(frozen=True, slots=True)
class Found:
    """The rest of a folder, after the pictures that were sent while it was searched.

    Attributes:
        unreadable: The subfolders that cannot be read, and why.
        count: The number of these and of the pictures.
        left_out: The other files in it, and what to do about them; None where there are none.
    """

    unreadable: tuple[tuple[Source, Reason], ...]
    count: int
    left_out: Reason | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture at the size of the model's input.

    Attributes:
        pixels: The pixels, as `load_seen` gives them.
        seconds: The time that it took.
        fitting: What of the picture they show.
        kept: The encoded picture if it came from a link, since it is fetched only once.
        layout: What there is in the file beside them; None if unknown.
    """

    pixels: NDArray[np.uint8] = field(repr=False, compare=False)
    seconds: float
    fitting: Fitting
    kept: Source | None
    layout: Layout | None = None


def find(folder: Path, cancel: CancelToken, *, on_progress: Callable[[tuple[Source, ...]], None]) -> Found:
    """Walk through a folder, sending pictures as they are found."""
    from desktop_app.core.images.folders import find_pictures
    from desktop_app.core.images.left_out import LeftOut

    left_out = LeftOut()
    batch: list[Source] = []
    unreadable: list[tuple[Source, Reason]] = []
    count = 0

    def on_unreadable(folder: Path, error: UnreadableImage) -> None:
        unreadable.append((FileSource(folder), error.reason))

    try:
        for path in find_pictures(folder, cancel, on_unreadable, left_out):
            batch.append(FileSource(path))
            count += 1
            if len(batch) == FOUND_AT_ONCE:
                on_progress(tuple(batch))
                batch = []
    finally:
        on_progress(tuple(batch))
    return Found(tuple(unreadable), count + len(unreadable), left_out.reason if left_out else None)


def decode(
    source: Source, fitting: Fitting, allow_private_hosts: bool, cancel: CancelToken
) -> Decoded | None:
    """Decode one picture and bring it to the model's size; None when that was cancelled."""
    from desktop_app.core.images.load import bring_here, load_seen

    with contextlib.suppress(Cancelled):
        cancel.check()
        started = time.perf_counter()
        here = bring_here(source, allow_private_hosts=allow_private_hosts, cancel=cancel)
        seen = load_seen(here, fitting, cancel=cancel)
        kept = here if isinstance(source, LinkSource) else None
        return Decoded(seen.pixels, time.perf_counter() - started, fitting, kept, seen.layout)
    return None
