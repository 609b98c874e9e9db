"""What is shown in place of a table without rows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.controls.spinner import Spinner
from desktop_app.ui.common.controls.widgets import button, heading, label, vertical

_SIGN = 32


class EmptyTable(QWidget):
    """A sentence, and what can be done.

    Signals:
        clear_requested: The user wants to clear the filters.
    """

    clear_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        self._spinner = Spinner(_SIGN)
        self._title = heading(factor=1.2, wrap=True)
        self._detail = label(tone="muted", wrap=True)
        for text in (self._title, self._detail):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._clear = button("Clear filters", "close")
        self._clear.clicked.connect(self.clear_requested)
        layout = vertical(self, spacing=8, margins=(16, 16, 16, 16))
        layout.addStretch(1)
        layout.addWidget(self._spinner, 0, centre)
        layout.addWidget(self._title)
        layout.addWidget(self._detail)
        layout.addWidget(self._clear, 0, centre)
        layout.addStretch(1)

    def show_reason(self, *, filtered: bool, running: bool) -> None:
        """Show why the table is empty.

        Args:
            filtered: Whether filters are set.
            running: Whether pictures may still come.
        """
        self._spinner.setVisible(running and not filtered)
        self._clear.setVisible(filtered)
        if filtered:
            title = "No pictures match these filters"
            detail = "More may follow: the batch is still running." if running else ""
        elif running:
            title, detail = "Looking for pictures…", ""
        else:
            title, detail = (
                "No pictures were found",
                "Choose another folder, or see the overview for the reasons.",
            )
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
