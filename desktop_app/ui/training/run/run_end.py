"""How a run ended: what happened, what to do, what to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.icon_view import IconView
from desktop_app.ui.common.controls.widgets import heading, horizontal, label, vertical
from desktop_app.ui.training.run.retry_row import RetryRow

if TYPE_CHECKING:
    from desktop_app.core.training.records.result import TrainingResult
    from desktop_app.ui.common.controls.icon_view import IconTone

_SIGN = 20
_SIGNS: dict[str, tuple[str, IconTone]] = {
    "finished": ("check", "success"),
    "stopped": ("check", "success"),
    "cancelled": ("trash", "muted"),
    "failed": ("warning", "danger"),
    "interrupted": ("pause", "warning"),
}


class RunEnd(QFrame):
    """Shows the sentences of a `TrainingResult`; `retry_requested` carries changes of hyper-parameters."""

    retry_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._sign = IconView("check", _SIGN, "success")
        self._sentence = heading(factor=1.1, wrap=True)
        self._advice = label(wrap=True)
        self._retries = RetryRow()
        self._retries.chosen.connect(self.retry_requested)
        words = vertical(spacing=8)
        words.addWidget(self._sentence)
        words.addWidget(self._advice)
        words.addWidget(self._retries)
        layout = horizontal(self, spacing=12, margins=(16, 12, 16, 12))
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self.hide()

    def show_result(self, result: TrainingResult) -> None:
        """Show how a run ended."""
        self._sign.show_icon(*_SIGNS[result.status])
        self._sentence.setText(breakable(result.reason.text))
        self._advice.setText(breakable(result.reason.advice))
        self._advice.setVisible(bool(result.reason.advice))
        self._retries.show_retries(result.retry)
        self.show()
