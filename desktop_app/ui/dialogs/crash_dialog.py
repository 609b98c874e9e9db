"""The dialog for an unexpected error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit

from desktop_app.ui.common.controls.icon_view import IconView
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, vertical
from desktop_app.ui.common.dialogs import within_screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_TEXT = (
    "Sightline hit an unexpected error. You can continue, but restarting is safer. "
    "The details below help to fix it; they name neither your pictures nor your folders."
)


class CrashDialog(QDialog):
    """Details to copy; `exec` returns Accepted for Continue and Rejected for Quit."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self.setWindowTitle("Sightline")
        self.resize(within_screen(self, 600, 440))
        details = QPlainTextEdit(report)
        details.setReadOnly(True)
        details.setAccessibleName("Details of the error")
        details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        details.setTabChangesFocus(True)
        self._copy = button("Copy details", "copy")
        self._copy.clicked.connect(self._on_copy_clicked)
        leave = button("Quit")
        leave.clicked.connect(lambda: self.done(QDialog.DialogCode.Rejected))
        go_on = button("Continue", look="primary")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)

        title = horizontal(spacing=16)
        title.addWidget(IconView("warning", 32, "danger"), 0, Qt.AlignmentFlag.AlignTop)
        title.addWidget(heading("Something went wrong", factor=1.4), 1)
        buttons = horizontal(spacing=8)
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(go_on)
        layout = vertical(self, spacing=16, margins=(24, 24, 24, 16))
        layout.addLayout(title)
        layout.addWidget(label(_TEXT, wrap=True))
        layout.addWidget(details, 1)
        layout.addLayout(buttons)
        go_on.setFocus()

    def reject(self) -> None:
        """Close the report, as Escape and the window's close button do: only Quit quits."""
        self.accept()

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self._copy.setText("Copied")
