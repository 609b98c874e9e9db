"""The files of a data set that are skipped or doubtful, as a table model."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import Qt

from desktop_app.core.datasets.problem_groups import FEW, reason_keys
from desktop_app.core.datasets.report import FileProblem
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.text import printable
from desktop_app.ui.common.controls.table_model import Index, TableModel
from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.datasets.report import DatasetReport, DuplicateGroup, Part

Kind = Literal["skipped", "same", "alike"]
KINDS: dict[Kind, str] = {"skipped": "Skipped", "same": "Same picture", "alike": "Looks the same"}
_SPLITS: dict[Part, str] = {"train": "training", "validation": "validation", "test": "test"}
HEADERS = ("File", "Kind", "Reason")


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One file; its sentence is made when it is looked at, since there may be hundreds of thousands.

    Attributes:
        path: Path of the file.
        cause: What is wrong with it, or its group of duplicates.
        folder: Folder of the data set; other files are named by their paths inside it.
        left_out: Whether it is skipped.
        more: Number of other files with the same reason that the row stands for.
    """

    path: Path
    cause: FileProblem | DuplicateGroup
    folder: Path
    left_out: bool
    more: int = 0

    @property
    def name(self) -> str:
        """Its path inside the data set, and how many more there are."""
        more = f" and {self.more:,} more" if self.more else ""
        return f"{_place(self.path, self.folder)}{more}"

    @property
    def kind(self) -> Kind:
        """Why it is listed, in a word."""
        if self.left_out or isinstance(self.cause, FileProblem):
            return "skipped"
        return "same" if self.cause.kind == "exact" else "alike"

    @property
    def reason(self) -> Reason:
        """Why it is listed, and what to do about it."""
        if isinstance(self.cause, FileProblem):
            return self.cause.reason
        wrong = len(self.cause.classes) > 1
        return Reason(
            _same_as(self.cause, self.folder, left_out=self.left_out),
            "Remove the picture from the class that it does not belong to." if wrong else "",
        )


class ProblemTable(TableModel):
    """File, kind and reason; sorted and filtered here, without a second model that asks for every cell.

    Of equal pictures there is a row for each except the one they are compared with. Many files that are
    skipped for the same reason have one row, until all are asked for.
    """

    def __init__(self, report: DatasetReport) -> None:
        super().__init__(HEADERS)
        self._folder = report.folder
        self._problems, self._groups = report.problems, report.duplicates
        # Each group makes two runs of rows: the skipped ones, and the used ones. Row numbers instead of rows:
        # a million of them costs a few milliseconds.
        count = len(self._groups)
        runs = (len(copies) for group in self._groups for copies in (group.left_out, group.used))
        sizes = np.fromiter(runs, np.int64, 2 * count)
        kinds = np.zeros(2 * count, np.int64)
        kinds[1::2] = 1 + np.fromiter((group.kind == "near" for group in self._groups), np.int64, count)
        self._starts = len(self._problems) + np.cumsum(sizes) - sizes
        self._kinds = np.concatenate((np.zeros(len(self._problems), np.int64), np.repeat(kinds, sizes)))
        self._folds = _Folds(self._problems, len(self._kinds))
        self._whole = False
        self._kind: Kind | None = None
        self._sorted_by = (-1, Qt.SortOrder.AscendingOrder)
        self._arrange()

    @property
    def counts(self) -> dict[Kind, int]:
        """Number of files of each kind that occurs."""
        counts = np.bincount(self._kinds, minlength=len(KINDS))
        return {kind: int(count) for kind, count in zip(KINDS, counts, strict=True) if count}

    @property
    def folded(self) -> int:
        """Number of files that have no row of their own until all are shown."""
        return self._folds.hidden

    def show_all(self, whole: bool) -> None:
        """Show every file, or one for each reason."""
        self.beginResetModel()
        self._whole = whole
        self._arrange()
        self.endResetModel()

    def show_kind(self, kind: Kind | None) -> None:
        """Show the files of one kind, or all."""
        self.beginResetModel()
        self._kind = kind
        self._arrange()
        self.endResetModel()

    def row_at(self, index: Index) -> ProblemRow:
        """The file of a row."""
        return self._row(int(self._shown[index.row()]))

    def count(self) -> int:
        """One row for each file of the kind."""
        return len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell; the tooltip has all of it, with the advice."""
        if not index.isValid():
            return None
        row = self.row_at(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.name, KINDS[row.kind], row.reason.text)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = (printable(str(row.path)), row.reason.text, row.reason.advice)
            return tooltip("\n".join(filter(None, lines)))
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a negative one restores the original order."""
        self.layoutAboutToBeChanged.emit()
        self._sorted_by = (column, order)
        self._arrange()
        self.layoutChanged.emit()

    def _row(self, number: int) -> ProblemRow:
        if number < len(self._problems):
            problem = self._problems[number]
            more = 0 if self._whole else self._folds.more(number)
            return ProblemRow(problem.path, problem, self._folder, left_out=True, more=more)
        run = int(np.searchsorted(self._starts, number, "right")) - 1
        group = self._groups[run // 2]
        copies = group.used if run % 2 else group.left_out
        return ProblemRow(copies[number - int(self._starts[run])], group, self._folder, left_out=not run % 2)

    def _arrange(self) -> None:
        numbers = np.arange(len(self._kinds))
        if self._kind is not None:
            numbers = np.flatnonzero(self._kinds == list(KINDS).index(self._kind))
        if not self._whole:
            numbers = numbers[self._folds.own_row[numbers]]
        column, order = self._sorted_by
        if column >= 0:
            keys = (self._paths, self._kinds.tolist, self._causes)[column]()
            downward = order is Qt.SortOrder.DescendingOrder
            ordered = sorted(numbers.tolist(), key=keys.__getitem__, reverse=downward)
            numbers = np.array(ordered, np.int64)
        self._shown = numbers

    def _paths(self) -> list[str]:
        paths = [str(problem.path) for problem in self._problems]
        return paths + [str(path) for group in self._groups for path in group.told]

    def _causes(self) -> list[str]:
        """Texts equal for equal reasons and for copies of one picture, without a sentence for each file."""
        reasons = [problem.reason.text for problem in self._problems]
        for group in self._groups:
            reasons += [str(group.kept)] * len(group.told)
        return reasons


class _Folds:
    """Which files stand for others with the same reason.

    Attributes:
        own_row: Whether a row number is shown while others are folded away ``(rows,)``.
        hidden: Number of rows that are not.
    """

    def __init__(self, problems: Sequence[FileProblem], rows: int) -> None:
        keys = reason_keys(problems)
        sizes = Counter(keys)
        firsts = {key: number for number, key in reversed(list(enumerate(keys)))}
        self._sizes = {firsts[key]: size for key, size in sizes.items() if size > FEW}
        self.own_row = np.ones(rows, bool)
        self.own_row[: len(problems)] = [sizes[key] <= FEW for key in keys]
        self.own_row[list(self._sizes)] = True
        self.hidden = int((~self.own_row).sum())

    def more(self, number: int) -> int:
        """How many others a row stands for."""
        return self._sizes.get(number, 1) - 1


def _same_as(group: DuplicateGroup, folder: Path, *, left_out: bool) -> str:
    assert group.kept is not None  # else there is nothing to compare with
    words = "The same picture as" if group.kind == "exact" else "Looks like"
    sentence = f"{words} {_place(group.kept, folder)}"
    if left_out and group.stays is not None:
        sentence += f", which stays in the {_SPLITS[group.stays]} split; this copy is skipped."
    else:
        sentence += ". Both are used, in the same split."
    if len(group.classes) > 1:
        sentence += f" Such copies are in the classes {' and '.join(group.classes)}."
    return sentence


def _place(path: Path, folder: Path) -> str:
    inside = path.is_relative_to(folder) and path != folder
    return printable(str(path.relative_to(folder) if inside else path))
