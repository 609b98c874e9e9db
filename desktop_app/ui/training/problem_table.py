"""The files of a data set that are left out or doubtful, as a table model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop_app.core.datasets.report import FileProblem
from desktop_app.core.images.sources import printable
from desktop_app.ui.common.widgets import tooltip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.datasets.report import DatasetReport, DuplicateGroup

Kind = Literal["left out", "same", "alike"]
KINDS: dict[Kind, str] = {"left out": "Left out", "same": "Same picture", "alike": "Looks the same"}
_HEADERS = ("File", "Kind", "Reason")


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One file; its sentence is made when it is looked at, since there may be hundreds of thousands."""

    path: Path
    cause: FileProblem | DuplicateGroup

    @property
    def kind(self) -> Kind:
        """Why it is here, in a word."""
        if isinstance(self.cause, FileProblem):
            return "left out"
        return "same" if self.cause.kind == "exact" else "alike"

    @property
    def reason(self) -> str:
        """Why it is here, as a sentence."""
        return self.cause.reason if isinstance(self.cause, FileProblem) else _same_as(self.path, self.cause)

    @property
    def advice(self) -> str:
        """What to do about it; may be empty."""
        return self.cause.advice if isinstance(self.cause, FileProblem) else ""


class ProblemTable(QAbstractTableModel):
    """File, kind and reason; sorted and filtered here, without a second model that asks for every cell."""

    def __init__(self, report: DatasetReport) -> None:
        super().__init__()
        self._folder = report.folder
        rows = [ProblemRow(problem.path, problem) for problem in report.problems]
        for group in report.duplicates:
            rows += [ProblemRow(path, group) for path in group.paths]
        self._all = rows
        self._shown = rows
        self._kind: Kind | None = None
        self._sorted_by = (-1, Qt.SortOrder.AscendingOrder)

    @property
    def counts(self) -> dict[Kind, int]:
        """Files of each kind that occurs."""
        found: dict[Kind, int] = {}
        for row in self._all:
            found[row.kind] = found.get(row.kind, 0) + 1
        return found

    def show_kind(self, kind: Kind | None) -> None:
        """Show the files of one kind, or all."""
        self.beginResetModel()
        self._kind = kind
        self._arrange()
        self.endResetModel()

    def row_at(self, index: QModelIndex | QPersistentModelIndex) -> ProblemRow:
        """The file of a row."""
        return self._shown[index.row()]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """One row for each file of the kind."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """Three."""
        return 0 if parent is not None and parent.isValid() else len(_HEADERS)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The text of a cell; the tooltip has all of it, with the advice."""
        if not index.isValid():
            return None
        row = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (self._name(row.path), KINDS[row.kind], row.reason)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip("\n".join(filter(None, (printable(str(row.path)), row.reason, row.advice))))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADERS[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a negative one restores the doctor's order."""
        self.layoutAboutToBeChanged.emit()
        self._sorted_by = (column, order)
        self._arrange()
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        rows = self._all if self._kind is None else [row for row in self._all if row.kind == self._kind]
        column, order = self._sorted_by
        keys: tuple[Callable[[ProblemRow], str], ...] = (
            lambda row: str(row.path),
            lambda row: row.kind,
            lambda row: row.reason,
        )
        if column >= 0:
            rows = sorted(rows, key=keys[column], reverse=order is Qt.SortOrder.DescendingOrder)
        self._shown = rows

    def _name(self, path: Path) -> str:
        inside = path.is_relative_to(self._folder) and path != self._folder
        return printable(str(path.relative_to(self._folder) if inside else path))


def _same_as(path: Path, group: DuplicateGroup) -> str:
    words = "The same picture as" if group.kind == "exact" else "Looks like"
    other = next((other for other in group.paths if other != path), path)
    name = f"{other.parent.name}/{other.name}"
    more = f" and {len(group.paths) - 2:,} more" if len(group.paths) > 2 else ""
    where = ""
    if len(group.classes) > 1:
        where = f"; in the classes {' and '.join(group.classes)}"
    elif len(group.parts) > 1:
        where = f"; in the parts {' and '.join(group.parts)}"
    return f"{words} {printable(name)}{more}{where}."
