"""Chooses which model answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel

from desktop_app.ui.common.picker import Picker
from desktop_app.ui.common.widgets import tooltip
from desktop_app.ui.library.model_facts import entry_title, is_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.workers.messages import ModelEntry


class ModelPicker(Picker):
    """Lists the library; a model whose weights are missing leads to their download."""

    model_chosen = Signal(str)
    missing_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("Model")
        self._current = ""
        self._missing: set[str] = set()
        self.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(16)
        self.activated.connect(self._on_activated)

    def show_entries(self, entries: Sequence[ModelEntry]) -> None:
        """List the models anew; the choice stays."""
        self.clear()
        self._missing = {entry.model_id for entry in entries if is_missing(entry)}
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for row, entry in enumerate(entries):
            self.addItem(entry_title(entry), entry.model_id)
            self.setItemData(row, tooltip(entry.problem), Qt.ItemDataRole.ToolTipRole)
            model.item(row).setEnabled(is_missing(entry) or not entry.problem)
        self._restore()

    def show_current(self, model_id: str) -> None:
        """Show which model is chosen."""
        self._current = model_id
        self._restore()

    def _restore(self) -> None:
        self.setCurrentIndex(self.findData(self._current))
        self.setToolTip(tooltip(self.currentText()))

    def _on_activated(self, row: int) -> None:
        model_id = self.itemData(row)
        if model_id in self._missing:
            self._restore()
            self.missing_chosen.emit(model_id)
        elif model_id != self._current:
            self.show_current(model_id)
            self.model_chosen.emit(model_id)
