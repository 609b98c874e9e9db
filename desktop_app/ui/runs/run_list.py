"""The list of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from desktop_app.ui.runs.run_delegate import RunDelegate, toggle

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop_app.core.training.run_entry import RunEntry
    from desktop_app.ui.runs.runs_model import RunsModel


class RunList(QListView):
    """Shows a thousand runs as easily as ten; Space chooses the current one for comparison.

    Signals:
        current_changed: Another run is the current one, or none.
    """

    current_changed = Signal()

    def __init__(self, model: RunsModel) -> None:
        super().__init__()
        self._model = model
        self.setAccessibleName("Training runs")
        self.setAccessibleDescription("Space chooses a run for comparison")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setModel(model)
        self.setItemDelegate(RunDelegate(self))
        self.setUniformItemSizes(True)
        self.setSpacing(1)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def current(self) -> RunEntry | None:
        """The run that the user looks at."""
        index = self.currentIndex()
        return self._model.entry_at(index.row()) if index.isValid() else None

    def choose(self, run_id: str) -> None:
        """Make a run the current one; the first when it is not here."""
        if self._model.rowCount():
            index = self._model.index(self._model.row_of(run_id) or 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def rename_current(self) -> None:
        """Let the user type another name in place."""
        index = self.currentIndex()
        if index.isValid() and self._model.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell it, however the run was reached."""
        super().currentChanged(current, previous)
        self.current_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Space do what a click on the box does."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            toggle(self._model, self.currentIndex())
            return
        super().keyPressEvent(event)
