"""The pictures of a job as a table model that holds only their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal

from desktop_app.core.batch.job.filters import Sort
from desktop_app.core.foundation.text import printable
from desktop_app.ui.batch.table.columns import (
    COLUMNS,
    alignment,
    answer_tip,
    describe,
    state,
    tip_of,
    title_of,
)
from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.batch.job.rows import Row
    from desktop_app.core.batch.job.spec import JobSpec
    from desktop_app.ui.batch.table.row_store import RowStore
    from desktop_app.ui.common.controls.table_model import Index


class PictureModel(QAbstractTableModel):
    """One row for each picture that matches the filter, in the requested order.

    Signals:
        sort_requested: The `Sort` chosen in the headings.
    """

    sort_requested = Signal(object)

    def __init__(self, rows: RowStore) -> None:
        super().__init__()
        self._rows = rows
        self._spec: JobSpec | None = None
        self._numbers: NDArray[np.int64] = np.empty(0, np.int64)
        rows.arrived.connect(self._on_arrived)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The numbers of the pictures, row by row."""
        return self._numbers

    @property
    def spec(self) -> JobSpec | None:
        """The settings of the job; None while there is none."""
        return self._spec

    def show_job(self, spec: JobSpec | None) -> None:
        """Show another job; its pictures come with the first `show_numbers`."""
        self.beginResetModel()
        self._spec = spec
        self._numbers = np.empty(0, np.int64)
        self.endResetModel()

    def show_numbers(self, numbers: NDArray[np.int64]) -> None:
        """Set the pictures to show; rows that are only appended leave the others alone."""
        before = len(self._numbers)
        if len(numbers) >= before and np.array_equal(numbers[:before], self._numbers):
            if len(numbers) > before:
                self.beginInsertRows(QModelIndex(), before, len(numbers) - 1)
                self._numbers = numbers
                self.endInsertRows()
            return
        self.beginResetModel()
        self._numbers = numbers
        self.endResetModel()

    def row_at(self, row: int) -> Row | None:
        """The picture of a row; None until it has been read."""
        return self._rows.of(int(self._numbers[row]))

    def text_of(self, row: Row, column: int) -> str:
        """The text of a column for a picture."""
        return COLUMNS[column].text(row, self._spec) if self._spec is not None else ""

    def place_of(self, number: int) -> int | None:
        """The row of a picture; None when it is not among those that are shown."""
        found = np.flatnonzero(self._numbers == number)
        return int(found[0]) if len(found) else None

    def rowCount(self, parent: Index | None = None) -> int:
        """The number of pictures that match the filter."""
        return 0 if parent is not None and parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index | None = None) -> int:
        """The number of columns, always the same."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What the view, the delegates and a screen reader ask; nothing until the row has been read."""
        if not index.isValid() or self._spec is None:
            return None
        column = COLUMNS[index.column()]
        row = self.row_at(index.row())
        if row is None:
            return None
        answer: object = None
        if role == Qt.ItemDataRole.DisplayRole:
            answer = column.text(row, self._spec)
        elif role == Qt.ItemDataRole.ToolTipRole:
            lines = (printable(str(self._spec.base / row.path)), answer_tip(row), state(row))
            answer = tooltip("\n".join(filter(None, lines)))
        elif role == Qt.ItemDataRole.AccessibleTextRole:
            title = title_of(column, self._spec)
            answer = f"{title}: {column.text(row, self._spec)}" if title else self._told(row)
        return answer

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings, above their cells."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return title_of(column, self._spec)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(column, self._spec) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return title_of(column, self._spec) or "Picture"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(alignment(section))
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask for another order; a negative column means the order in which the pictures were found."""
        by = "found" if column < 0 else COLUMNS[column].sort
        self.sort_requested.emit(Sort(by, descending=order is Qt.SortOrder.DescendingOrder))

    def _told(self, row: Row) -> str:
        assert self._spec is not None
        return describe(row, self._spec)

    def _on_arrived(self, numbers: set[int]) -> None:
        """Update the view; the rows that arrive were in view, so they are close together."""
        wanted = np.fromiter(numbers, np.int64, len(numbers))
        places = np.flatnonzero(np.isin(self._numbers, wanted))
        if len(places):
            last = len(COLUMNS) - 1
            self.dataChanged.emit(self.index(int(places[0]), 0), self.index(int(places[-1]), last))
