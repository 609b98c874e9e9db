"""Why a folder or archive cannot be trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.icon_view import IconView
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, vertical

if TYPE_CHECKING:
    from desktop_app.core.foundation.errors import Reason

_SIGN = 32


class ScanFailure(QWidget):
    """The reason, what to do about it, and a way to try again.

    Signals:
        folder_requested: The user wants to choose a folder.
        archive_requested: The user wants to choose an archive.
        again_requested: The user has fixed the data and wants another check.
        forget_requested: The user wants to decide again how the data are read.
        sorting_requested: The user wants to sort the pictures of the folder into classes.
        crops_requested: The user wants to learn from what is in the boxes of the data set.
    """

    folder_requested = Signal()
    archive_requested = Signal()
    again_requested = Signal()
    forget_requested = Signal()
    sorting_requested = Signal()
    crops_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._reason = label(wrap=True)
        self._advice = label(tone="muted", wrap=True)
        self._folder = folder = button("Choose folder…", "folder", look="primary")
        folder.clicked.connect(self.folder_requested)
        archive = button("Choose archive…", "archive")
        archive.clicked.connect(self.archive_requested)
        again = button("Try again", "refresh")
        again.clicked.connect(self.again_requested)
        self._sort = button("Sort into classes…", "pictures", tip="Make class folders of these pictures")
        self._sort.clicked.connect(self.sorting_requested)
        self._forget = button("Decide again how it is read", "refresh")
        self._forget.clicked.connect(self.forget_requested)
        self._crops = button("Make crops…", "pictures", tip="Cut what is in the boxes out of the pictures")
        self._crops.clicked.connect(self.crops_requested)
        buttons = horizontal(spacing=8)
        buttons.addWidget(folder)
        buttons.addWidget(archive)
        buttons.addWidget(again)
        buttons.addStretch(1)
        words = vertical(spacing=8)
        words.addWidget(heading("Can't train on this", factor=1.2, wrap=True))
        words.addWidget(self._reason)
        words.addWidget(self._advice)
        words.addSpacing(8)
        words.addWidget(self._forget, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._sort, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._crops, 0, Qt.AlignmentFlag.AlignLeft)
        words.addLayout(buttons)
        words.addStretch(1)
        layout = horizontal(self, spacing=16)
        layout.addWidget(IconView("warning", _SIGN, "danger"), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    def lead_keyboard(self) -> None:
        """Put the keyboard on the first button."""
        self._folder.setFocus()

    def show_reason(self, reason: Reason, *, sortable: bool = False, answered: bool = False) -> None:
        """Show a reason and its advice.

        Args:
            reason: Why the data cannot be trained on.
            sortable: Whether it is a folder, which can be sorted into classes.
            answered: Whether somebody decided how it is read, and may decide again.
        """
        self._forget.setVisible(answered)
        self._crops.setVisible(reason.offer == "crops")
        self._sort.setVisible(sortable and not reason.offer)
        self._reason.setText(breakable(reason.text))
        self._advice.setText(breakable(reason.advice))
        self._advice.setVisible(bool(reason.advice))
