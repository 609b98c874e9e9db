"""The most confident mistakes of a model as a list model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, Qt

from desktop_app.core.foundation.text import percent, printable
from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.training.task.classification_evaluation import Mistake
    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.ui.common.thumbnails import Thumbnails
    from desktop_app.ui.training.result.label_mistakes import MistakeAboutLabel

    AnyMistake = Mistake | MistakeAboutLabel

MISTAKE_ROLE = Qt.ItemDataRole.UserRole


class MistakeModel(QAbstractListModel):
    """Rows in the order of the evaluation, the most confident mistake first."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._mistakes: tuple[AnyMistake, ...] = ()
        thumbnails.arrived.connect(self._on_arrived)

    def show_mistakes(self, mistakes: Sequence[AnyMistake]) -> None:
        """Show other mistakes."""
        self.beginResetModel()
        self._mistakes = tuple(mistakes)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._mistakes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Data of a mistake for the view, the delegate and a screen reader."""
        if not index.isValid():
            return None
        mistake = self._mistakes[index.row()]
        words = mistake.words
        if role == MISTAKE_ROLE:
            return mistake
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnails.of(mistake.path)
        told = f"{printable(mistake.path.name)}: {words} {percent(mistake.probability)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(f"{told}\nClick to classify this picture.")
        return told if role == Qt.ItemDataRole.AccessibleTextRole else None

    def _on_arrived(self, path: Path) -> None:
        for row, mistake in enumerate(self._mistakes):
            if mistake.path == path:
                self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])
