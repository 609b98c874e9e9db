"""A question that must be answered before the data can be read."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, vertical
from desktop_app.ui.training.questions.choice_list import ChoiceList

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop_app.core.datasets.question import Question
    from desktop_app.ui.common.thumbnails import Thumbnails


class QuestionView(QWidget):
    """What was seen, the question, its answers, and a way to other data.

    Signals:
        chosen: The `Choice` that was clicked.
        folder_requested: The user wants to choose another folder.
        archive_requested: The user wants to choose an archive.
        left: The user does not want to answer.
    """

    chosen = Signal(object)
    folder_requested = Signal()
    archive_requested = Signal()
    left = Signal()

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._choices: ChoiceList | None = None
        self._reason = label(wrap=True)
        self._text = heading(factor=1.2, wrap=True)
        self._folder = folder = button("Choose another folder…", "folder")
        folder.clicked.connect(self.folder_requested)
        archive = button("Choose archive…", "archive")
        archive.clicked.connect(self.archive_requested)
        leave = button("Cancel")
        leave.clicked.connect(self.left)
        buttons = horizontal(spacing=8)
        for part in (folder, archive, leave):
            buttons.addWidget(part)
        buttons.addStretch(1)
        self._layout = vertical(self, spacing=8)
        self._layout.addWidget(self._reason)
        self._layout.addWidget(self._text)
        self._layout.addSpacing(4)
        self._layout.addSpacing(8)
        self._layout.addLayout(buttons)
        self._layout.addStretch(1)

    def show_question(self, question: Question) -> None:
        """Show another question."""
        if self._choices is not None:
            self._choices.hide()
            self._choices.deleteLater()
        self._reason.setText(breakable(question.reason))
        self._reason.setVisible(bool(question.reason))
        self._text.setText(breakable(question.text))
        self._choices = ChoiceList(question, self._thumbnails)
        self._choices.chosen.connect(self.chosen)
        self._layout.insertWidget(3, self._choices)
        self._choices.show()
        self._in_tab_order()

    def lead_keyboard(self) -> None:
        """Put the keyboard on the first answer."""
        if self._choices is not None:
            self._choices.lead_keyboard()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the question."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _in_tab_order(self) -> None:
        """Let the Tab key reach the answers before the buttons, which are older."""
        assert self._choices is not None
        for one, other in pairwise([*self._choices.cards, self._folder]):
            self.setTabOrder(one, other)
