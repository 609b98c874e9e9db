"""What is shown in place of a prediction: waiting, failed, cancelled."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.icon_view import IconTone, IconView
from desktop_app.ui.common.controls.spinner import Spinner
from desktop_app.ui.common.controls.widgets import button, heading, label, vertical

_SIGN = 32


class StatePage(QWidget):
    """A symbol, a sentence, an explanation, and at most one button."""

    again_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._icon = IconView("warning", _SIGN)
        self._spinner = Spinner(_SIGN)
        self._title = heading(factor=1.2, wrap=True)
        self._detail = label(wrap=True)
        self._advice = label(tone="muted", wrap=True)
        self._again = button("Try again", "refresh")
        self._again.clicked.connect(self.again_requested)

        layout = vertical(self, spacing=8)
        layout.addWidget(self._icon)
        layout.addWidget(self._spinner)
        layout.addWidget(self._title)
        layout.addWidget(self._detail)
        layout.addWidget(self._advice)
        layout.addSpacing(8)
        layout.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)

    def show_waiting(self, title: str, detail: str) -> None:
        """Show that work is under way."""
        self._show(title, Reason(detail), again="")
        self._icon.hide()
        self._spinner.show()

    def show_trouble(self, title: str, reason: Reason, *, icon: str, tone: IconTone, again: str = "") -> None:
        """Show what went wrong; ``again`` is the text of the button that repeats it, empty for none."""
        self._show(title, reason, again=again)
        self._icon.show_icon(icon, tone)
        self._spinner.hide()
        self._icon.show()

    def _show(self, title: str, reason: Reason, *, again: str) -> None:
        self._title.setText(breakable(title))
        for part, text in ((self._detail, reason.text), (self._advice, reason.advice)):
            part.setText(breakable(text))
            part.setVisible(bool(text))
        self._again.setText(again or self._again.text())
        self._again.setVisible(bool(again))
