"""A text to be taken elsewhere, with the button that copies it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.ui.common.controls.widgets import button, horizontal
from desktop_app.ui.common.style.icons import set_icon

_SAID_MS = 1500


class CopyRow(QWidget):
    """Shows one line that can be selected, but not changed.

    Args:
        name: The accessible name.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._field = QLineEdit(readOnly=True)
        self._field.setAccessibleName(name)
        self._copy = button("Copy", "copy")
        self._copy.setAccessibleName(f"Copy: {name}")
        self._copy.clicked.connect(self._on_copy_clicked)
        self._fade = QTimer(self, singleShot=True, interval=_SAID_MS)
        self._fade.timeout.connect(self._forget)
        self._row = horizontal(self, spacing=8)
        self._row.addWidget(self._field, 1)
        self._row.addWidget(self._copy)

    def add(self, other: QWidget) -> None:
        """Put another button between the text and Copy."""
        self._row.insertWidget(1, other)

    def text(self) -> str:
        """What is shown, and what is copied."""
        return self._field.text()

    def set_text(self, text: str) -> None:
        """Show another text, from its beginning."""
        if text != self._field.text():
            self._field.setText(text)
            self._field.setCursorPosition(0)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._field.text())
        self._copy.setFixedWidth(self._copy.width())  # or the row would jump
        self._copy.setText("Copied")
        set_icon(self._copy, "check")
        self._fade.start()

    def _forget(self) -> None:
        self._copy.setText("Copy")
        set_icon(self._copy, "copy")
