"""The chart of labels: a bar for each, which filters the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from desktop_app.ui.batch.overview.label_delegate import LabelDelegate
from desktop_app.ui.batch.overview.label_model import LabelModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QShowEvent

    from desktop_app.ui.common.controls.table_model import Index

_PRESSES = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


class LabelChart(QListView):
    """As high as its bars: the area around it scrolls. Typing the start of a label finds it.

    Signals:
        label_chosen: The index of the class, or the name of the kind, whose pictures to show; None for all
            again.
        current_moved: The `QRect`, in this widget, of the bar that the keyboard moved to.
        folding_changed: More or fewer labels are folded into one row than before.
    """

    label_chosen = Signal(object)
    current_moved = Signal(object)
    folding_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._labels = LabelModel()
        self.setAccessibleName("Labels by number of pictures")
        self.setAccessibleDescription("Enter shows only the pictures of a label; Enter again shows all")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setModel(self._labels)
        self.setItemDelegate(LabelDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._labels.modelReset.connect(self._fit)
        self.clicked.connect(self._press)
        self._fit()

    @property
    def chosen(self) -> int | str | None:
        """Index of the class, or name of the kind, whose pictures are shown; None for all."""
        return self._labels.chosen

    @property
    def folded(self) -> int:
        """How many labels there are when some are folded into one row; else 0."""
        return self._labels.folded

    @property
    def unfolded(self) -> bool:
        """Whether labels are shown that could be folded into one row."""
        return self._labels.unfolded

    def show_labels(
        self, labels: Sequence[tuple[int | str, int]], names: Sequence[str], pictures: int | None = None
    ) -> None:
        """Show other frequencies; the keyboard stays on its label, wherever that is now. See `LabelModel`."""
        current = self._current_place()
        self._labels.show_labels(labels, names, pictures)
        self._go_to(current)

    def show_all(self, *, unfolded: bool = True) -> None:
        """Show every label, or only the most frequent ones."""
        current = self._current_place()
        self._labels.show_all(unfolded=unfolded)
        self._go_to(current)

    def show_chosen(self, place: int | str | None) -> None:
        """Mark the label whose pictures are shown, without a signal."""
        self._labels.choose(place)

    def choose(self, place: int | str | None) -> None:
        """Choose a label; the chosen one again, or None, clears the choice."""
        self._labels.choose(None if place == self.chosen else place)
        self.label_chosen.emit(self.chosen)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that the fonts and styles of the window ask for."""
        super().showEvent(event)
        self._fit()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Report the current bar."""
        super().currentChanged(current, previous)
        if current.isValid() and self.hasFocus():
            self.current_moved.emit(QRect(self.visualRect(current)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space choose, Escape clears the choice."""
        if event.key() in _PRESSES and self.currentIndex().isValid():
            self._press(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape and self.chosen is not None:
            self.choose(None)
        else:
            super().keyPressEvent(event)

    def _press(self, index: QModelIndex) -> None:
        place = self._labels.frequency(index.row()).place
        if place is None:
            self.show_all()
        else:
            self.choose(place)

    def _current_place(self) -> int | str | None:
        index = self.currentIndex()
        return self._labels.frequency(index.row()).place if index.isValid() else None

    def _go_to(self, place: int | str | None) -> None:
        row = self._labels.row_of(place) if place is not None else None
        if row is not None and row != self.currentIndex().row():
            index = self._labels.index(row)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _fit(self) -> None:
        rows = self._labels.rowCount()
        self.setFixedHeight(max(rows * self.sizeHintForRow(0), 0))
        self.folding_changed.emit()
