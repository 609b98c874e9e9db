"""The classes of a data set as a table model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, Qt

from desktop_app.core.foundation.text import counted, natural_key
from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.datasets.report import ClassSummary, DatasetReport
    from desktop_app.ui.common.controls.table_model import Index

SAMPLES_ROLE = Qt.ItemDataRole.UserRole
"""Role of the paths of a few pictures of the class."""
SHARE_ROLE = Qt.ItemDataRole.UserRole + 1
"""Role of the pictures of the class over those of the largest class, 0..1."""


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    text: Callable[[ClassSummary], str]
    key: Callable[[ClassSummary], Any]
    number: bool = True


def _count(title: str, name: str) -> _Column:
    def count(entry: ClassSummary) -> int:
        value: int = getattr(entry, name)
        return value

    return _Column(title, lambda entry: f"{count(entry):,}", count)


NAME = _Column("Class", lambda entry: entry.name, lambda entry: natural_key(entry.name), number=False)
LABEL = replace(NAME, title="Label")
SAMPLES = _Column("Samples", lambda _entry: "", lambda entry: len(entry.samples), number=False)
LEFT_OUT = _Column(
    "Skipped",
    lambda entry: f"{entry.left_out + entry.copies:,}",
    lambda entry: entry.left_out + entry.copies,
)
BALANCE = _Column("Balance", lambda _entry: "", lambda entry: entry.total, number=False)


class ClassTableModel(QAbstractTableModel):
    """Name, samples, counts, balance; the counts of splits only where the data set has these splits."""

    def __init__(self, report: DatasetReport) -> None:
        super().__init__()
        self._rows = list(report.classes)
        self._largest = max((entry.total for entry in self._rows), default=0)
        name = NAME if report.combinations is None else LABEL
        self._largest_of = f"largest {name.title.lower()}"
        self._columns = [name, SAMPLES, *_counts(report), BALANCE]

    @property
    def samples_column(self) -> int:
        """Index of the column with the thumbnails."""
        return self._columns.index(SAMPLES)

    @property
    def balance_column(self) -> int:
        """Index of the column with the bars."""
        return self._columns.index(BALANCE)

    def rowCount(self, parent: Index | None = None) -> int:
        """One row for each class."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """As many as the splits need."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Data for the view, the delegate and a screen reader."""
        if not index.isValid():
            return None
        entry, column = self._rows[index.row()], self._columns[index.column()]
        answer: object = None
        if role == Qt.ItemDataRole.DisplayRole:
            answer = column.text(entry)
        elif role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
            answer = int(side | Qt.AlignmentFlag.AlignVCenter)
        elif role == Qt.ItemDataRole.ToolTipRole:
            answer = self._tip(entry, column)
        elif role == Qt.ItemDataRole.AccessibleTextRole:
            answer = self._spoken(entry, column)
        elif role == SAMPLES_ROLE:
            answer = entry.samples
        elif role == SHARE_ROLE:
            answer = self._share(entry)
        return answer

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings, above their cells."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the classes by a column."""
        if column < 0:
            return
        self.layoutAboutToBeChanged.emit()
        self._rows.sort(key=self._columns[column].key, reverse=order is Qt.SortOrder.DescendingOrder)
        self.layoutChanged.emit()

    def row_of(self, sample: object) -> int | None:
        """The row that shows a picture among its samples."""
        return next((row for row, entry in enumerate(self._rows) if sample in entry.samples), None)

    def _share(self, entry: ClassSummary) -> float:
        return entry.total / self._largest if self._largest else 0.0

    def _tip(self, entry: ClassSummary, column: _Column) -> str | None:
        if column in {NAME, LABEL}:
            return tooltip(entry.name)
        if column is BALANCE:
            return tooltip(f"{counted(entry.total, 'picture')}: {self._spoken(entry, column)}")
        if column is LEFT_OUT:
            told = (
                (entry.left_out, counted(entry.left_out, "file cannot", "files cannot") + " be used."),
                (
                    entry.copies,
                    counted(entry.copies, "picture has a copy", "pictures have copies")
                    + " in another split.",
                ),
            )
            return tooltip("\n".join(words for count, words in told if count)) or None
        return None

    def _spoken(self, entry: ClassSummary, column: _Column) -> str:
        if column is BALANCE:
            return f"{100 * self._share(entry):.0f}% of the {self._largest_of}"
        if column is SAMPLES:
            return f"{len(entry.samples)} samples"
        return f"{column.title}: {column.text(entry)}"


def _counts(report: DatasetReport) -> list[_Column]:
    columns = []
    if any(entry.validation or entry.test for entry in report.classes):
        columns.append(_count("Training", "train"))
        if any(entry.validation for entry in report.classes):
            columns.append(_count("Validation", "validation"))
        if any(entry.test for entry in report.classes):
            columns.append(_count("Test", "test"))
    else:
        columns.append(_count("Pictures", "total"))
    if any(entry.left_out or entry.copies for entry in report.classes):
        columns.append(LEFT_OUT)
    return columns
