"""What the tables of a page that scrolls have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QWheelEvent


class PageTable(QTableView):
    """As high as its rows, up to a few; its rows open with Return wherever they open with a double click.

    Args:
        name: The accessible name.
        most: The number of rows in view when there are more.

    Signals:
        opened: The index of the row to open.
    """

    opened = Signal(QModelIndex)

    def __init__(self, name: str, most: int) -> None:
        super().__init__()
        self._most = most
        dress(self, name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # else the wheel, scrolling past, takes the keyboard
        self.doubleClicked.connect(self.opened)

    def fit_height(self) -> None:
        """Be as high as the rows; a part of a row says that there are more."""
        rows = self.model().rowCount()
        shown = min(rows, self._most) + (0.5 if rows > self._most else 0)
        height = round(shown * self.verticalHeader().defaultSectionSize())
        height += self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth() + 2
        if self.horizontalHeader().length() > self.viewport().width():
            height += self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(height)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page until the table has the focus; at its end the page scrolls anyway."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


def dress(table: QTableView, name: str) -> None:
    """Give a table the looks and the keys that all tables share."""
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setSortingEnabled(True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.horizontalHeader().setHighlightSections(False)
