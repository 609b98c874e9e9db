"""A grid of pictures, of which several can be selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from desktop_app.ui.common.controls.widgets import scale_font
from desktop_app.ui.similar.picture_delegate import PictureDelegate
from desktop_app.ui.similar.picture_model import PATH_ROLE

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QKeyEvent

    from desktop_app.ui.similar.picture_model import PictureModel

_LAID_OUT_AT_ONCE = 200


class PictureGrid(QListView):
    """Shows thousands of pictures as easily as ten.

    Signals:
        opened: The path of a picture that was double-clicked, or chosen by Enter.
    """

    opened = Signal(object)

    def __init__(self, name: str, model: PictureModel) -> None:
        super().__init__()
        scale_font(self, 0.9)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setModel(model)
        self.setItemDelegate(PictureDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_LAID_OUT_AT_ONCE)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(PATH_ROLE)))

    def selected(self) -> list[Path]:
        """The selected pictures, in the order shown."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [cast("Path", self.model().index(row, 0).data(PATH_ROLE)) for row in rows]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current picture."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().data(PATH_ROLE))
        else:
            super().keyPressEvent(event)
