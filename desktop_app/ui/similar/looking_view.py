"""What is shown while pictures are looked at, and why they could not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, vertical

if TYPE_CHECKING:
    from desktop_app.core.foundation.errors import Reason


class LookingView(QWidget):
    """A title, then a bar with Cancel, or a reason.

    Signals:
        cancel_requested: The user does not want to wait, or has read the reason.
    """

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = heading(factor=1.2, wrap=True)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Pictures compared")
        self._words = ElidedLabel(muted=True)
        self._reason = label(wrap=True)
        self._cancel = button("Cancel")
        self._cancel.clicked.connect(self.cancel_requested)
        row = horizontal(spacing=16)
        row.addWidget(self._words, 1)
        row.addWidget(self._cancel)
        layout = vertical(self, spacing=12)
        layout.addWidget(self._title)
        layout.addWidget(self._reason)
        layout.addWidget(self._bar)
        layout.addLayout(row)
        layout.addStretch(1)

    def begin(self, title: str) -> None:
        """Show that pictures are about to be looked at."""
        self._title.setText(title)
        self._reason.hide()
        self._bar.show()
        self._bar.setRange(0, 0)
        self._words.setText("Looking for pictures")
        self._cancel.setText("Cancel")

    def show_progress(self, done: int, total: int) -> None:
        """Show how far the work is."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._words.setText(f"Comparing pictures: {done:,} of {total:,}")

    def show_reason(self, reason: Reason) -> None:
        """Show why there is nothing."""
        self._bar.hide()
        self._words.setText("")
        self._reason.setText(breakable(reason.sentence))
        self._reason.show()
        self._cancel.setText("Close")
        self._cancel.setFocus()
