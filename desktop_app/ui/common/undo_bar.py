"""The bar that restores what was just removed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame

from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, horizontal, icon_button


class UndoBar(QFrame):
    """Says what was removed and offers it back; stays until it is used or closed."""

    undo_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._sentence = ElidedLabel()
        undo = button("Undo", "undo")
        undo.clicked.connect(self.undo_requested)
        # A hidden bar has no keys, so those of the pane in front take back.
        keys = QShortcut(QKeySequence.StandardKey.Undo, self)
        keys.activated.connect(self.undo_requested)
        undo.setToolTip(keys.key().toString(QKeySequence.SequenceFormat.NativeText))
        close = icon_button("Close", "close")
        close.clicked.connect(self.hide)
        layout = horizontal(self, spacing=8, margins=(16, 8, 8, 8))
        layout.addWidget(self._sentence, 1)
        layout.addWidget(undo)
        layout.addWidget(close)
        self.hide()

    def offer(self, sentence: str) -> None:
        """Show what can be undone; an empty sentence hides the bar."""
        self._sentence.setText(sentence)
        self.setVisible(bool(sentence))
