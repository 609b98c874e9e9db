"""What the dialogs have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QWidget,
)

from desktop_app.ui.common.controls.widgets import button, horizontal, scrolling, vertical

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QShowEvent

_MARGIN = 24
_FRAME_HEIGHT = 48
"""What the frame of a window may take of the screen."""


class FittedDialog(QDialog):
    """Takes the height that its wrapped texts need, within the screen; the rest scrolls.

    Attributes:
        column: The layout for the dialog's content.
        foot: The layout for the buttons, always in sight; `close_row` makes such rows.

    Args:
        title: The title of the window and of its scrolling part.
        width: The width in pixels, if the screen has as many.
        parent: Qt's owner, if any.
    """

    def __init__(self, title: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._width = width
        self._page = QWidget()
        self._page.setObjectName("page")
        self.column = vertical(self._page, spacing=8, margins=(_MARGIN, _MARGIN, _MARGIN, 0))
        self._scroll = scrolling(self._page)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAccessibleName(title)
        self.foot = vertical(margins=(_MARGIN, 12, _MARGIN, 16))
        layout = vertical(self, spacing=0)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(self.foot)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the fitting size; known only once fonts and styles are in place."""
        self.fit()
        super().showEvent(event)

    def fit(self) -> None:
        """Take the fitting size, again when the texts have changed; never shrink under the pointer."""
        shown = self.size() if self.isVisible() else QSize(0, 0)
        screen = self.screen().availableGeometry()
        width = max(shown.width(), min(self._width, screen.width()))
        self.column.activate()
        # Enough beside a scroll bar too: one that is there because of new rows would else stay.
        beside_bar = width - self._scroll.verticalScrollBar().sizeHint().width()
        needed = self.column.totalHeightForWidth(beside_bar) + self.foot.sizeHint().height()
        self.resize(QSize(width, max(shown.height(), within_screen(self, width, needed).height())))
        below = self.frameGeometry().bottom() - screen.bottom()
        if self.isVisible() and below > 0:
            self.move(self.x(), max(screen.top(), self.y() - below))


def within_screen(dialog: QWidget, width: int, height: int) -> QSize:
    """Return a size in pixels, no larger than the screen has room for beside a window's frame."""
    room = dialog.screen().availableGeometry().size()
    return QSize(min(width, room.width()), min(height, room.height() - _FRAME_HEIGHT))


def close_row(dialog: QDialog, *others: QPushButton) -> QHBoxLayout:
    """Make the bottom row: other buttons on the left, Close on the right; Return and Escape close."""
    row = horizontal(spacing=8)
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
        parent: The window that is blocked meanwhile.
        title: The title, a few words.
        text: The plain text that says what will happen.
        yes: The button that goes ahead, as a verb.
        no: The button that leaves everything as it is.
        until: The signal that withdraws the question as if the answer were no.
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
