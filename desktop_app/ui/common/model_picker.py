"""Chooses which model answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QStandardItemModel

from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.widgets import tooltip
from desktop_app.ui.common.model_facts import entry_title, is_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.workers.classify.messages import ModelEntry


_LEAST, _MOST = 16, 32
"""Width of the text in capital letters, in a narrow window and at most."""
_SPARE = 4
"""Pixels, so that rounding never shortens a name that has its room."""

_FEATURES = "It gives features, not labels: choose it in Find similar"


class ModelPicker(Picker):
    """Lists the library; choosing a model whose weights are missing offers their download."""

    model_chosen = Signal(str)
    missing_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("Model")
        self._current = ""
        self._missing: set[str] = set()
        self.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST)
        self.activated.connect(self._on_activated)

    def show_entries(self, entries: Sequence[ModelEntry]) -> None:
        """List the models again; the choice stays."""
        self.clear()
        self._missing = {entry.model_id for entry in entries if is_missing(entry)}
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for row, entry in enumerate(entries):
            self.addItem(entry_title(entry), entry.model_id)
            features = entry.card is not None and entry.card.task == "embedding"
            told = entry.problem or (_FEATURES if features else entry_title(entry))
            self.setItemData(row, tooltip(told), Qt.ItemDataRole.ToolTipRole)
            model.item(row).setEnabled(is_missing(entry) or not (entry.problem or features))
        self.updateGeometry()
        self._restore()

    def sizeHint(self) -> QSize:
        """Room for the longest name, within reason; `minimumSizeHint` is less."""
        hint, metrics = super().sizeHint(), self.fontMetrics()
        letter = metrics.horizontalAdvance("X")
        longest = max(
            (metrics.horizontalAdvance(self.itemText(row)) for row in range(self.count())), default=0
        )
        wanted = min(longest + _SPARE, _MOST * letter)
        hint.setWidth(hint.width() + max(wanted - _LEAST * letter, 0))
        return hint

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
