"""The bar that shows an error until it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.icon_view import IconView
from desktop_app.ui.common.controls.widgets import horizontal, icon_button, label

if TYPE_CHECKING:
    from desktop_app.core.foundation.errors import Reason

_SIGN = 20


class TroubleBar(QFrame):
    """A sentence and what to do next."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._words = label(wrap=True)
        close = icon_button("Close", "close")
        close.clicked.connect(self.hide)
        layout = horizontal(self, spacing=12, margins=(16, 8, 8, 8))
        layout.addWidget(IconView("warning", _SIGN, "danger"), 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._words, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def show_trouble(self, reason: Reason) -> None:
        """Show an error."""
        self._words.setText(breakable(reason.sentence))
        self.show()
