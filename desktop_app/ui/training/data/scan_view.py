"""The progress of checking a data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop_app.core.foundation.text import printable
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, vertical

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.report import ScanProgress


class ScanView(QWidget):
    """A title, a bar, a line with counts, and Cancel.

    Signals:
        cancel_requested: The user does not want to wait.
    """

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = heading(factor=1.2, wrap=True)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Checking pictures")
        self._words = ElidedLabel(muted=True)
        self._cancel = button("Cancel")
        self._cancel.clicked.connect(self.cancel_requested)
        row = horizontal(spacing=16)
        row.addWidget(self._words, 1)
        row.addWidget(self._cancel)
        layout = vertical(self, spacing=12)
        layout.addWidget(self._title)
        layout.addWidget(self._bar)
        layout.addLayout(row)
        layout.addStretch(1)

    def begin(self, path: Path) -> None:
        """Show that a data set is being checked."""
        self._title.setText(f"Checking {printable(path.name) or printable(str(path))}")
        self._words.setText("Looking for pictures")
        self._bar.setRange(0, 0)

    def lead_keyboard(self) -> None:
        """Put the keyboard on Cancel."""
        self._cancel.setFocus()

    def show_progress(self, progress: ScanProgress) -> None:
        """Show the progress; a bar without an end while the number of files is not known."""
        self._bar.setRange(0, progress.total or 0)
        self._bar.setValue(progress.done)
        count = f"{progress.done:,}"
        if progress.total:
            count = f"{count} of {progress.total:,}"
        self._words.setText(f"{progress.message}: {count}" if progress.done else progress.message)
