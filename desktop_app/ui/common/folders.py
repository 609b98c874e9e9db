"""Folders of the user: where to propose new files, and showing one in the system's file manager."""

from __future__ import annotations

import contextlib
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices

from desktop_app.core.foundation.text import printable

_Kind = QStandardPaths.StandardLocation


def proposed_path(name: str, kind: _Kind = _Kind.DocumentsLocation) -> str:
    """Propose where a file dialog saves a new file.

    Args:
        name: The file's name.
        kind: The user's folder for such files; documents by default. If it does not exist, the
            home folder is proposed: a dialog would show the folder that the app was started in instead.
    """
    folder = Path(QStandardPaths.writableLocation(kind))
    return str((folder if folder.is_dir() else Path.home()) / name)


def show_folder(folder: Path) -> tuple[str, bool]:
    """Open an existing folder; return a sentence about it, and whether it reports a failure."""
    name = printable(str(folder))
    if not folder.is_dir():
        return f"{name} is no longer there.", True
    if not open_folder(folder):
        return f"No file manager opened {name}.", True
    return f"Opening {name}.", False  # the file manager may not appear, but the name says where to look


def open_folder(folder: Path) -> bool:
    """Open a folder, made first if it does not exist; return whether the system opened it."""
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
