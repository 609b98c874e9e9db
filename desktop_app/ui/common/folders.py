"""Showing a folder in the system's file manager."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop_app.core.images.sources import printable

if TYPE_CHECKING:
    from pathlib import Path


def show_folder(folder: Path) -> tuple[str, bool]:
    """Open a folder that should be there; return a sentence about it, and whether it tells of a failure."""
    name = printable(str(folder))
    if not folder.is_dir():
        return f"{name} is no longer there.", True
    if not open_folder(folder):
        return f"No file manager opened {name}.", True
    return f"Opening {name}.", False  # whether one comes nobody knows, but with this it can be found


def open_folder(folder: Path) -> bool:
    """Open a folder, made first when it is not there yet; return whether the system took it."""
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
