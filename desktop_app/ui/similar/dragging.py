"""What is dragged inside the window: pictures, which stay where they are until a data set is made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

if TYPE_CHECKING:
    from collections.abc import Iterable

PICTURES_MIME = "application/x-sightline-pictures"


def mime_of(paths: Iterable[Path]) -> QMimeData:
    """Pack paths, also those that are not valid Unicode."""
    mime = QMimeData()
    mime.setData(PICTURES_MIME, b"\0".join(os.fsencode(path) for path in paths))
    return mime


def paths_in(mime: QMimeData) -> list[Path]:
    """Unpack paths; nothing when something else is dragged."""
    packed = bytes(mime.data(PICTURES_MIME).data())
    return [Path(os.fsdecode(path)) for path in packed.split(b"\0") if path]
