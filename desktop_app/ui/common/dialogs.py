"""What the dialogs have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMessageBox, QPushButton

from desktop_app.ui.common.widgets import button

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget


class FittedDialog(QDialog):
    """As high as its wrapped texts need at its width; known only once fonts and styles are in place."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width

    def showEvent(self, event: QShowEvent) -> None:
        """Take the fitting size."""
        self.fit()
        super().showEvent(event)

    def fit(self) -> None:
        """Take the fitting size, again when the texts have changed."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(self._width, layout.totalHeightForWidth(self._width))


def close_row(dialog: QDialog, *others: QPushButton) -> QHBoxLayout:
    """Make the bottom row: other buttons on the left, Close on the right; Return and Escape close."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for other in others:
        row.addWidget(other)
    row.addStretch(1)
    close = button("Close")
    close.setDefault(True)
    close.clicked.connect(dialog.accept)
    row.addWidget(close)
    return row


def confirm(
    parent: QWidget,
    title: str,
    text: str,
    yes: str,
    no: str = "Cancel",
    *,
    until: SignalInstance | None = None,
) -> bool:
    """Ask before something that the user may regret; Escape and Return mean no.

    Args:
        parent: The window that waits.
        title: A few words.
        text: Plain text, with what happens.
        yes: The button that goes ahead, as a verb.
        no: The button that leaves everything as it is.
        until: Takes the question back, as if it was answered no: there is nothing to ask any more.
    """
    box = QMessageBox(QMessageBox.Icon.Question, title, text, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    go_ahead = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    if until is not None:
        until.connect(box.reject)
    box.exec()
    sure = box.clickedButton() is go_ahead
    box.deleteLater()
    return sure
