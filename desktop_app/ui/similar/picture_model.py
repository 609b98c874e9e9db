"""Pictures as a list model: thumbnail, name and, where they are compared, their likeness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, Qt

from desktop_app.core.foundation.text import printable
from desktop_app.ui.common.controls.widgets import tooltip
from desktop_app.ui.similar.dragging import PICTURES_MIME, mime_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtCore import QMimeData, QModelIndex

    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.ui.common.thumbnails import Thumbnails

PATH_ROLE = Qt.ItemDataRole.UserRole
LIKENESS_ROLE = Qt.ItemDataRole.UserRole + 1


class PictureModel(QAbstractListModel):
    """Rows in the order given.

    Args:
        thumbnails: The thumbnails, made when they come into view.
        hint: The line of a tooltip below the picture's path.
    """

    def __init__(self, thumbnails: Thumbnails, hint: str = "") -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._hint = hint
        self._paths: tuple[Path, ...] = ()
        self._likeness: tuple[float, ...] = ()
        self._rows: dict[Path, int] = {}
        thumbnails.arrived.connect(self._on_arrived)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The pictures."""
        return self._paths

    def show_pictures(self, paths: Sequence[Path], likeness: Sequence[float] = ()) -> None:
        """Show other pictures.

        Args:
            paths: The pictures.
            likeness: How similar each is, 0..1; nothing where they are not compared.
        """
        if tuple(paths) == self._paths and tuple(likeness) == self._likeness:
            return
        self.beginResetModel()
        self._paths, self._likeness = tuple(paths), tuple(likeness)
        self._rows = {path: row for row, path in enumerate(self._paths)}
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """One row for each picture."""
        return 0 if parent is not None and parent.isValid() else len(self._paths)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Data of a picture for the view, the delegate and a screen reader."""
        if not index.isValid():
            return None
        path = self._paths[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                found: object = printable(path.name)
            case Qt.ItemDataRole.DecorationRole:
                found = self._thumbnails.of(path)
            case Qt.ItemDataRole.ToolTipRole:
                found = tooltip("\n".join(filter(None, (printable(str(path)), self._hint))))
            case _ if role == PATH_ROLE:
                found = path
            case _ if role == LIKENESS_ROLE and self._likeness:
                found = self._likeness[index.row()]
            case _:
                found = None
        return found

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let pictures be selected and dragged."""
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag(0))

    def mimeTypes(self) -> list[str]:
        """What is dragged."""
        return [PICTURES_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The paths of the dragged pictures."""
        return mime_of([self._paths[index.row()] for index in indexes])

    def supportedDragActions(self) -> Qt.DropAction:
        """Where pictures go, no file is moved yet."""
        return Qt.DropAction.CopyAction

    def _on_arrived(self, path: Path) -> None:
        row = self._rows.get(path)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])
