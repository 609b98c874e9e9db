"""Asking for files and folders: the one place that opens such a dialog."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog, QWidget

    from desktop_app.ui.common.files.file_chooser import Mode


def _system() -> type[QFileDialog]:
    """Qt's dialog, imported when a file is asked for: the window appears sooner without it."""
    from PySide6.QtWidgets import QFileDialog

    return QFileDialog


@cache
def system_has_dialog() -> bool:
    """Whether the system has a dialog of its own; Qt then makes no widgets for one."""
    from PySide6.QtCore import QDir
    from PySide6.QtWidgets import QWidget

    dialog = _system()(None, "", QDir.rootPath())
    there = not dialog.findChildren(QWidget)
    dialog.deleteLater()
    return there


class FileDialog:
    """The dialog of the system where it has one, else `FileChooser`."""

    @staticmethod
    def open_file(parent: QWidget, title: str, start: str = "", filters: str = "") -> tuple[str, str]:
        """Ask for a file; returns its path and the filter, both empty where none was chosen."""
        if system_has_dialog():
            return _system().getOpenFileName(parent, title, start, filters)
        paths, chosen_filter = _choose(parent, "file", title, start, filters)
        return (paths[0], chosen_filter) if paths else ("", "")

    @staticmethod
    def open_files(parent: QWidget, title: str, start: str = "", filters: str = "") -> tuple[list[str], str]:
        """Ask for files; returns their paths and the filter."""
        if system_has_dialog():
            return _system().getOpenFileNames(parent, title, start, filters)
        return _choose(parent, "files", title, start, filters)

    @staticmethod
    def open_folder(parent: QWidget, title: str, start: str = "") -> str:
        """Ask for a folder; returns its path, empty where none was chosen."""
        if system_has_dialog():
            return _system().getExistingDirectory(parent, title, start)
        paths, _ = _choose(parent, "folder", title, start, "")
        return paths[0] if paths else ""

    @staticmethod
    def save_file(parent: QWidget, title: str, proposed: str, filters: str = "") -> tuple[str, str]:
        """Ask where to save a file, and before another is replaced; returns its path and the filter."""
        if system_has_dialog():
            return _system().getSaveFileName(parent, title, proposed, filters)
        paths, chosen_filter = _choose(parent, "save", title, proposed, filters)
        return (paths[0], chosen_filter) if paths else ("", "")


def _choose(parent: QWidget, mode: Mode, title: str, start: str, filters: str) -> tuple[list[str], str]:
    """Show our own dialog; begin where the caller says, else where the last one ended, else at home."""
    from desktop_app.ui.common.files.file_chooser import FileChooser, Wanted
    from desktop_app.ui.common.files.places import last_folder

    folder = Path(start) if start else last_folder() or Path.home()
    name = ""
    if mode == "save" and not folder.is_dir():
        folder, name = folder.parent, folder.name
    if not folder.is_dir():
        folder = Path.home()
    dialog = FileChooser(Wanted(mode, title, folder.absolute(), name, filters), parent)
    try:
        if not dialog.exec():
            return [], ""
        return [str(path) for path in dialog.paths], dialog.chosen_filter
    finally:
        dialog.end()
        dialog.deleteLater()
