"""The files of a data set that are left out or doubtful, as a table model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop_app.core.datasets.report import FileProblem
from desktop_app.core.images.sources import printable
from desktop_app.ui.common.widgets import tooltip

if TYPE_CHECKING:
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
        self._problems, self._groups = report.problems, report.duplicates
        sizes = np.fromiter((len(group.paths) for group in self._groups), np.int64, len(self._groups))
        kinds = np.fromiter(
            (1 + (group.kind == "near") for group in self._groups), np.int64, len(self._groups)
        )
        # Row numbers instead of rows: a million of them costs a few milliseconds.
        self._starts = len(self._problems) + np.cumsum(sizes) - sizes
        self._kinds = np.concatenate((np.zeros(len(self._problems), np.int64), np.repeat(kinds, sizes)))
        self._shown = np.arange(len(self._kinds))
        self._kind: Kind | None = None
        self._sorted_by = (-1, Qt.SortOrder.AscendingOrder)

    @property
    def counts(self) -> dict[Kind, int]:
        """Files of each kind that occurs."""
        counts = np.bincount(self._kinds, minlength=len(KINDS))
        return {kind: int(count) for kind, count in zip(KINDS, counts, strict=True) if count}

    def show_kind(self, kind: Kind | None) -> None:
        """Show the files of one kind, or all."""
        self.beginResetModel()
        self._kind = kind
        self._arrange()
        self.endResetModel()

    def row_at(self, index: QModelIndex | QPersistentModelIndex) -> ProblemRow:
        """The file of a row."""
        return self._row(int(self._shown[index.row()]))

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
        row = self.row_at(index)
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

    def _row(self, number: int) -> ProblemRow:
        if number < len(self._problems):
            problem = self._problems[number]
            return ProblemRow(problem.path, problem)
        position = int(np.searchsorted(self._starts, number, "right")) - 1
        group = self._groups[position]
        return ProblemRow(group.paths[number - int(self._starts[position])], group)

    def _arrange(self) -> None:
        numbers = np.arange(len(self._kinds))
        if self._kind is not None:
            numbers = np.flatnonzero(self._kinds == list(KINDS).index(self._kind))
        column, order = self._sorted_by
        if column >= 0:
            keys = (self._paths, self._kinds.tolist, self._causes)[column]()
            downward = order is Qt.SortOrder.DescendingOrder
            ordered = sorted(numbers.tolist(), key=keys.__getitem__, reverse=downward)
            numbers = np.array(ordered, np.int64)
        self._shown = numbers

    def _paths(self) -> list[str]:
        paths = [str(problem.path) for problem in self._problems]
        return paths + [str(path) for group in self._groups for path in group.paths]

    def _causes(self) -> list[str]:
        """Equal for equal reasons and for copies of one picture, without making a sentence for each file."""
        reasons = [problem.reason for problem in self._problems]
        for group in self._groups:
            reasons += [str(group.paths[0])] * len(group.paths)
        return reasons

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
