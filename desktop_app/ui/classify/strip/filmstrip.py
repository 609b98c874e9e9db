"""The row of pictures at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from desktop_app.ui.classify.strip.film_delegate import FilmDelegate
from desktop_app.ui.common.controls.widgets import scale_font

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    from desktop_app.ui.classify.strip.film_model import FilmModel
    from desktop_app.ui.common.controls.table_model import Index

_SCROLL_BAR = 12
_SPACING = 4
REGULAR = QSize(96, 64)
COMPACT = QSize(72, 40)


class Filmstrip(QListView):
    """Shows thousands of pictures as easily as ten; `picture_chosen` carries an item's number."""

    picture_chosen = Signal(int)

    def __init__(self, model: FilmModel) -> None:
        super().__init__()
        self._model = model
        self._delegate = FilmDelegate(self)
        scale_font(self, 0.9)
        self.setAccessibleName("Pictures of this session")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setSpacing(_SPACING // 2)
        self.setMouseTracking(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.set_compact(compact=False)

    def set_compact(self, *, compact: bool) -> None:
        """Choose between large thumbnails and ones for a low window."""
        self._delegate.thumbnail = COMPACT if compact else REGULAR
        cell = self._delegate.cell(self.fontMetrics().height())
        self.setFixedHeight(cell.height() + _SPACING + _SCROLL_BAR)
        self.scheduleDelayedItemsLayout()

    def choose(self, number: int) -> None:
        """Make a picture the current one."""
        row = self._model.row_of(number)
        if row is not None:
            self._go_to(row)

    def step(self, by: int) -> None:
        """Move to a picture further right (positive) or left; stays within the row."""
        count = self._model.rowCount()
        if count:
            self._go_to(min(max(self.currentIndex().row() + by, 0), count - 1))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Report the current picture, however it was reached."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.executeDelayedItemsLayout()  # or it would scroll to where the picture used to be
            self.scrollTo(current)
            self.picture_chosen.emit(self._model.item_at(current.row()).number)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the row sideways with a vertical wheel."""
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.y() or delta.x()))
        event.accept()

    def _go_to(self, row: int) -> None:
        index = self._model.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
