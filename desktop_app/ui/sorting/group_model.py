"""The groups of an unsorted folder as a list model: what of each group has no class yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QAbstractListModel, Qt

from desktop_app.core.foundation.text import counted
from desktop_app.ui.common.controls.widgets import tooltip
from desktop_app.ui.similar.dragging import PICTURES_MIME, mime_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from PySide6.QtCore import QMimeData, QModelIndex

    from desktop_app.core.features.grouping import PictureGroups
    from desktop_app.core.features.sorting import Sorting
    from desktop_app.ui.common.controls.table_model import Index

GROUP_ROLE = Qt.ItemDataRole.UserRole
_REST = "In no group"


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group, or the rest.

    Attributes:
        title: What it is called.
        label: The name proposed for a class; empty for the rest.
        paths: Its pictures without a class.
    """

    title: str
    label: str
    paths: tuple[Path, ...]


class GroupModel(QAbstractListModel):
    """The largest group first; groups whose pictures all have a class are left out."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: tuple[ShownGroup, ...] = ()
        self._shown: tuple[ShownGroup, ...] = ()

    def take(self, found: PictureGroups) -> None:
        """Use other groups."""
        rest = (ShownGroup(_REST, "", found.rest),) if found.rest else ()
        self._groups = (
            *(ShownGroup(group.label or "Group", group.label, group.paths) for group in found.groups),
            *rest,
        )

    def show_unsorted(self, sorting: Sorting) -> None:
        """Show what has no class."""
        left = [
            ShownGroup(
                group.title,
                group.label,
                tuple(path for path in group.paths if sorting.class_of(path) is None),
            )
            for group in self._groups
        ]
        shown = tuple(group for group in left if group.paths)
        if shown != self._shown:
            self.beginResetModel()
            self._shown = shown
            self.endResetModel()

    def group_at(self, index: Index) -> ShownGroup:
        """The group of a row."""
        return self._shown[index.row()]

    def paths_of(self, indexes: Iterable[Index]) -> list[Path]:
        """The pictures of several groups, in the order shown."""
        rows = sorted({index.row() for index in indexes})
        return [path for row in rows for path in self._shown[row].paths]

    def row_with(self, path: Path) -> int | None:
        """The row whose group shows a picture among its first ones."""
        return next((row for row, group in enumerate(self._shown) if path in group.paths[:_FIRST]), None)

    def rowCount(self, parent: Index | None = None) -> int:
        """One row for each group."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Data of a group for the view, the delegate and a screen reader."""
        if not index.isValid():
            return None
        group = self._shown[index.row()]
        words = f"{group.title}: {counted(len(group.paths), 'picture')}"
        if role == GROUP_ROLE:
            return group
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return words
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(f"{words}\nDrag it onto a class, or press the number of a class.")
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let groups be selected and dragged."""
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag(0))

    def mimeTypes(self) -> list[str]:
        """What is dragged."""
        return [PICTURES_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """All pictures of the dragged groups."""
        return mime_of(self.paths_of(cast("Sequence[Index]", indexes)))

    def supportedDragActions(self) -> Qt.DropAction:
        """Where pictures go, no file is moved yet."""
        return Qt.DropAction.CopyAction


_FIRST = 40
"""More pictures than a row has room for."""
