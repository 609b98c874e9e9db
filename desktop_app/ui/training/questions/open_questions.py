"""Questions that leave the data readable, in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.icon_view import IconTone, IconView
from desktop_app.ui.common.controls.widgets import heading, horizontal, label, vertical
from desktop_app.ui.training.questions.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.datasets.question import Question
    from desktop_app.ui.common.thumbnails import Thumbnails

_SIGN = 16


class OpenQuestions(QWidget):
    """One frame for each question, those that must be answered first.

    Signals:
        chosen: The `Choice` that was clicked.
    """

    chosen = Signal(object)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._frames: list[QFrame] = []
        self._first: ChoiceList | None = None
        self._layout = vertical(self, spacing=8)
        self.hide()

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Replace the questions; none hides the list."""
        for frame in self._frames:
            frame.hide()
            frame.deleteLater()
        self._frames, self._first = [], None
        for question in sorted(questions, key=lambda question: not question.required):
            frame = self._frame_of(question)
            self._layout.addWidget(frame)
            frame.show()
            self._frames.append(frame)
        self.setVisible(bool(questions))

    def lead_keyboard(self) -> None:
        """Put the keyboard on the first answer to the first question, and show it."""
        if self._first is not None:
            self._first.lead_keyboard()

    def _frame_of(self, question: Question) -> QFrame:
        frame = QFrame()
        frame.setProperty("look", "card")
        frame.setAccessibleName(question.text)
        row = horizontal(spacing=8)
        tone: IconTone = "warning" if question.required else "accent"
        row.addWidget(IconView("question", _SIGN, tone), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(heading(breakable(question.text), factor=1, wrap=True), 1)
        layout = vertical(frame, spacing=8, margins=(12, 12, 12, 12))
        layout.addLayout(row)
        for sentence in (question.reason, question.standing):
            if sentence:
                layout.addWidget(label(breakable(sentence), tone="muted", wrap=True))
        choices = ChoiceList(question, self._thumbnails, compact=True)
        choices.chosen.connect(self.chosen)
        layout.addWidget(choices)
        self._first = self._first or choices
        return frame
