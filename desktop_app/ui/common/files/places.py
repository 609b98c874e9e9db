"""The folders that a person goes to most: the user's own, disks, and those chosen before."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyledItemDelegate

from desktop_app.core.foundation.text import printable

_OWN = (
    ("Home", QStandardPaths.StandardLocation.HomeLocation),
    ("Desktop", QStandardPaths.StandardLocation.DesktopLocation),
    ("Documents", QStandardPaths.StandardLocation.DocumentsLocation),
    ("Downloads", QStandardPaths.StandardLocation.DownloadLocation),
    ("Pictures", QStandardPaths.StandardLocation.PicturesLocation),
)
_MOST_RECENT = 6
_ROW_HEIGHT = 28

_recent: list[Path] = []
"""The folders chosen lately, the newest first; for as long as the app runs, as Qt's own dialog has it."""


def remember(folder: Path) -> None:
    """Offer a folder again next time."""
    if folder in _recent:
        _recent.remove(folder)
    _recent.insert(0, folder)
    del _recent[_MOST_RECENT:]


def last_folder() -> Path | None:
    """The folder that was chosen last, if it is still there."""
    return _recent[0] if _recent and os.path.isdir(_recent[0]) else None  # noqa: PTH112 - raises never


def forget() -> None:
    """Offer nothing that was chosen before."""
    _recent.clear()


class PlacesList(QListWidget):
    """A click or Return goes there.

    Signals:
        chosen: The path of the folder.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Places")
        self.setProperty("look", "table")
        self.setItemDelegate(QStyledItemDelegate(self))  # the only one that follows the stylesheet
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        seen: set[Path] = set()
        for name, path in (*_own_folders(), *_disks(), *((path.name, path) for path in _recent)):
            if path not in seen:
                seen.add(path)
                item = QListWidgetItem(printable(name) or str(path))
                item.setData(Qt.ItemDataRole.UserRole, path)
                item.setSizeHint(QSize(0, _ROW_HEIGHT))
                item.setToolTip(printable(str(path)))
                self.addItem(item)
        self.itemClicked.connect(self._on_chosen)
        self.itemActivated.connect(self._on_chosen)

    def _on_chosen(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def _own_folders() -> list[tuple[str, Path]]:
    found = [(name, QStandardPaths.writableLocation(kind)) for name, kind in _OWN]
    return [(name, Path(path)) for name, path in found if path and os.path.isdir(path)]  # noqa: PTH112


def _disks() -> list[tuple[str, Path]]:
    """Where systems mount disks; the disks themselves are not asked, since one may not answer."""
    user = Path.home().name
    found: list[tuple[str, Path]] = []
    for above in (f"/media/{user}", f"/run/media/{user}", "/mnt", "/Volumes"):
        with contextlib.suppress(OSError):
            found += [(name, Path(above, name)) for name in sorted(os.listdir(above))]  # noqa: PTH208 - names
    return [*found, ("Computer", Path(Path.home().anchor))]
