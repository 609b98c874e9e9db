"""Decoding the pictures of a job: each becomes pixels, or a sentence that says why not."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.decoding.decode import Layout, Seen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Prepare = Callable[[Path], Seen]


_NOTHING_MORE = Layout()


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture that is ready for the network, or why it is not.

    Attributes:
        number: The number of the picture in its job.
        pixels: The pixels, RGB uint8, as `read_seen` gives them; None if unreadable.
        reason: The reason of a failure, as a sentence; empty otherwise.
        seconds: The time that reading it took.
        layout: What there is in the file beside the pixels.
    """

    number: int
    pixels: NDArray[np.uint8] | None
    reason: str
    seconds: float
    layout: Layout = _NOTHING_MORE


def read_or_reason(picture: tuple[int, Path], prepare: Prepare) -> Decoded:
    """Read one picture, by number and path; whatever is wrong with it becomes its reason.

    Args:
        picture: The number and the path.
        prepare: The function from a path to what the network sees of it.
    """
    number, path = picture
    started = time.perf_counter()
    seen, reason = None, ""
    try:
        seen = prepare(path)
    except UnreadableImage as error:
        reason = error.reason.sentence
    except MemoryError:
        reason = "There is not enough free memory to open the picture. Close other programs."
    except Exception as error:  # noqa: BLE001 - one picture does not end the job
        reason = f"It cannot be read: {printable(str(error)) or type(error).__name__}."
    seconds = time.perf_counter() - started
    if seen is None:
        return Decoded(number, None, reason, seconds)
    return Decoded(number, seen.pixels, "", seconds, seen.layout)
