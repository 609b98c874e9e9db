"""A text file beside each picture with nothing but its label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.table import Row, Table
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop_app.core.datasets.annotations.picture_index import PictureIndex
    from desktop_app.core.foundation.cancellation import CancelToken

NAME = "*.txt"
"""Name of all these files together."""

_NUMBERS = re.compile(r"\d+(\s+[-+]?\d*\.?\d+([eE][-+]?\d+)?){4,}")
"""The class and box of an object, as YOLO writes it."""

_EXTENSION = ".txt"
_MOST_BYTES = 200
_TRIED = 50
_ENOUGH = 0.9


def sidecar_table(index: PictureIndex, cancel: CancelToken) -> Table | None:
    """Make a table of the text files beside pictures; None unless nearly all have one with a single line.

    Args:
        index: The pictures.
        cancel: Token checked at every file.

    Raises:
        Cancelled: The user cancelled.
    """
    pictures = index.pictures
    some = pictures[:: max(len(pictures) // _TRIED, 1)][:_TRIED]
    found = 0
    for picture in some:
        cancel.check()
        found += _label_of(picture) is not None
    if not some or found < _ENOUGH * len(some):
        return None

    def rows() -> Iterator[Row]:
        for number, (picture, inside) in enumerate(zip(pictures, index.inside, strict=True), 1):
            label = _label_of(picture)
            if label is not None:
                yield number, [inside, label]

    return Table(index.folder / NAME, rows, unit="entry", header=False)


def _label_of(picture: Path) -> str | None:
    """The only line of a picture's text file; None without one."""
    path = picture.with_suffix(_EXTENSION)
    try:
        with open_regular(path) as file:
            content = file.read(_MOST_BYTES + 1)
    except (StorageError, OSError):
        return None
    lines = content.decode("utf-8-sig", "replace").split("\n")
    single = len(content) <= _MOST_BYTES and lines[0].strip() and not any(line.strip() for line in lines[1:])
    line = lines[0].strip()
    return line if single and not _NUMBERS.fullmatch(line) else None
