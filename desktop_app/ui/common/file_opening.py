"""Opening a file of a data set with the system's program for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from pathlib import Path


def open_file(path: Path) -> str:
    """Open a file, or show its folder when the system cannot; return why neither was possible, or nothing."""
    if path.exists() and QDesktopServices.openUrl(_url(path)):
        return ""
    return show_in_folder(path)


def show_in_folder(path: Path) -> str:
    """Show the folder of a file; return why that was not possible, or nothing."""
    if QDesktopServices.openUrl(_url(path.parent)):
        return ""
    return f"The system cannot show {printable(str(path.parent))}."


def _url(path: Path) -> QUrl:
    """A link to a path, also to one that is not valid Unicode."""
    return QUrl.fromEncoded(path.absolute().as_uri().encode())
