"""A plan to file pictures as a tree model: folders, and in each the first of its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt

from desktop_app.core.foundation.text import counted, printable
from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.batch.filing.filing import Plan, Step
    from desktop_app.core.batch.filing.planned_folder import PlannedFolder
    from desktop_app.ui.common.controls.table_model import Index

_HEADERS = ("New location", "Current")
_TOP = 0
"""The internal id of folders; their pictures have the row of the folder plus one."""


class PlanModel(QAbstractItemModel):
    """Uses the counts of the plan, so that 100,000 pictures are shown at once."""

    def __init__(self) -> None:
        super().__init__()
        self._folders: tuple[PlannedFolder, ...] = ()

    def show_plan(self, planned: Plan | None) -> None:
        """Show another plan, or none."""
        self.beginResetModel()
        self._folders = planned.folders if planned is not None else ()
        self.endResetModel()

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """A folder, or below it a picture."""
        if parent is None or not parent.isValid():
            return self.createIndex(row, column, _TOP)
        return self.createIndex(row, column, parent.row() + 1)

    def parent(self, child: Index | None = None) -> QModelIndex:  # type: ignore[override]
        """The folder of a picture."""
        if child is None or not child.isValid() or child.internalId() == _TOP:
            return QModelIndex()
        return self.createIndex(child.internalId() - 1, 0, _TOP)

    def rowCount(self, parent: Index | None = None) -> int:
        """Folders; their first pictures, and one row more when there are others."""
        if parent is None or not parent.isValid():
            return len(self._folders)
        if parent.internalId() != _TOP or parent.column():
            return 0
        folder = self._folders[parent.row()]
        return len(folder.first) + (folder.pictures > len(folder.first))

    def hasChildren(self, parent: Index | None = None) -> bool:
        """Folders have children, since none is empty; Qt asks for each folder, so this must be quick."""
        if parent is None or not parent.isValid():
            return bool(self._folders)
        return parent.internalId() == _TOP and parent.column() == 0

    def columnCount(self, _parent: Index | None = None) -> int:
        """The new location, and the current one."""
        return len(_HEADERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words for a folder or a picture."""
        if not index.isValid() or role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        if index.internalId() == _TOP:
            folder = self._folders[index.row()]
            if role == Qt.ItemDataRole.ToolTipRole:
                return tooltip(printable(str(folder.path)))
            return _folder_words(folder)[index.column()]
        folder = self._folders[index.internalId() - 1]
        if index.row() == len(folder.first):
            more = f"and {counted(folder.pictures - len(folder.first), 'picture')} more"
            return more if role == Qt.ItemDataRole.DisplayRole and not index.column() else None
        step = folder.first[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(f"{printable(str(step.source))}\n→ {printable(str(step.target))}")
        return _step_words(step)[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings, above their cells."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADERS[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


def _folder_words(folder: PlannedFolder) -> tuple[str, str]:
    renamed = f", {folder.renamed:,} renamed" if folder.renamed else ""
    return f"{printable(folder.path.name)}/", f"{counted(folder.pictures, 'picture')}{renamed}"


def _step_words(step: Step) -> tuple[str, str]:
    was = _short(step.source)
    return printable(step.target.name), f"{was} (renamed)" if step.renamed else was


def _short(path: Path) -> str:
    """The file and the folder that it lies in."""
    return printable(f"{path.parent.name}/{path.name}")
