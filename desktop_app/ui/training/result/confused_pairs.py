"""The commonest mistakes in words, where a matrix has too many cells to find them in, or to be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_app.ui.charts.confusion_view import DRAWN, WRITTEN
from desktop_app.ui.charts.curve_legend import shortened
from desktop_app.ui.common.controls.widgets import button, heading, vertical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.classify.confusion import Confusion

_MOST, _MOST_ALONE = 5, 20
"""Lines beside the matrix, and in its place."""
_LONGEST = 32


class ConfusedPairs(QWidget):
    """A line for each kind of mistake, which shows its pictures; hidden while there are few classes.

    Signals:
        cell_chosen: Indices ``(truth, prediction)``.
    """

    cell_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._buttons: list[QPushButton] = []
        self._layout = vertical(self, spacing=0)
        self._layout.addWidget(heading("Most often confused", factor=1.1))
        self._layout.addSpacing(4)
        self.hide()

    def show_confusion(self, confusion: Confusion, names: Sequence[str]) -> None:
        """Show the commonest mistakes, more of them where there are too many classes for a matrix."""
        for old in self._buttons:
            old.hide()
            old.deleteLater()
        self._buttons = []
        most = 0 if len(confusion) <= WRITTEN else _MOST if len(confusion) <= DRAWN else _MOST_ALONE
        pairs = confusion.most_confused(most)
        for cell in pairs:
            truth, predicted = (names[index] for index in cell)
            count, of = confusion.count(*cell), int(confusion.pictures[cell[0]])
            words = f"{shortened(truth, _LONGEST)} as {shortened(predicted, _LONGEST)}: "
            line = button(f"{words}{count:,} of {of:,}", look="inline")
            line.setToolTip(f"Show the pictures of {truth} that are mistaken for {predicted}")
            line.clicked.connect(lambda _checked=False, cell=cell: self.cell_chosen.emit(cell))
            self._layout.addWidget(line, 0, Qt.AlignmentFlag.AlignLeft)
            self._buttons.append(line)
        self.setVisible(bool(pairs))
