"""When pictures were taken: by their EXIF data, or by their names."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from PIL import ExifTags, Image

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_IN_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)"
    r"(?:[-_. T]{0,3}| at )([0-2]\d)[-_.:h]?([0-5]\d)[-_.:m]?([0-5]\d)(?:[-_.]?(\d{3}))?(?!\d)"
)
"""As in ``IMG_20230101_123456``, ``2023-01-01 12.34.56`` and ``PXL_20230101_123456789`` (thousandths)."""


def time_in_name(name: str) -> float | None:
    """Read the time in a file's name, in seconds; None when it has none."""
    found = _IN_NAME.search(name)
    if found is None:
        return None
    *parts, thousandths = found.groups()
    try:
        moment = datetime(*map(int, parts), tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError:
        return None
    return moment.timestamp() + int(thousandths or 0) / 1000


def time_taken(path: Path) -> float | None:
    """Read when a picture was taken, in seconds of its camera's clock; None when nothing says it."""
    with contextlib.suppress(Exception), Image.open(path) as picture:  # a reader may fail in any way
        details = picture.getexif().get_ifd(ExifTags.IFD.Exif)
        text = str(details.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
        moment = datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)
        digits = re.sub(r"\D.*", "", str(details.get(ExifTags.Base.SubsecTimeOriginal, "")).strip())
        return moment.timestamp() + (float(f"0.{digits}") if digits else 0)
    return time_in_name(path.name)


def bursts(times: Sequence[float | None], seconds: float) -> NDArray[np.int64]:
    """Group what was taken shortly after each other.

    Args:
        times: Time of each picture in seconds; None where it is not known.
        seconds: Longest pause within a burst.

    Returns:
        int64 ``(N,)``: for each picture the index of a member of its burst, the same for all of them; its own
        for one that is alone or has no time.
    """
    roots = np.arange(len(times))
    known = np.array([number for number, time in enumerate(times) if time is not None], np.int64)
    moments = np.array([times[number] for number in known.tolist()], np.float64)
    order = known[np.argsort(moments, kind="stable")]
    pauses = np.diff(np.sort(moments, kind="stable"))
    starts = np.concatenate([[0], np.flatnonzero(pauses > seconds) + 1, [len(order)]]).astype(np.int64)
    for begin, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        roots[order[begin:end]] = order[begin:end].min() if end > begin else 0
    return roots
