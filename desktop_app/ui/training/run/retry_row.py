"""Buttons to try a failed training again, with something changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.controls.widgets import button, vertical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QPushButton

    from desktop_app.core.training.records.result import Retry


class RetryRow(QWidget):
    """One button for each `Retry`, the first of them the most promising; `chosen` carries its changes."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._buttons: list[QPushButton] = []
        self._layout = vertical(self, spacing=8)
        self.hide()

    def show_retries(self, retries: Sequence[Retry]) -> None:
        """Offer these changes; none hides the row."""
        for old in self._buttons:
            old.hide()
            old.deleteLater()
        self._buttons = []
        for retry in retries:
            new = button(retry.label, "refresh")
            new.clicked.connect(lambda *_, changes=retry.changes: self.chosen.emit(dict(changes)))
            self._layout.addWidget(new)
            self._layout.setAlignment(new, Qt.AlignmentFlag.AlignLeft)
            self._buttons.append(new)
        self.setVisible(bool(retries))
