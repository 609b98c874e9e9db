"""The answers to one question, one card each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.controls.widgets import button, vertical
from desktop_app.ui.training.questions.choice_card import ChoiceCard

if TYPE_CHECKING:
    from desktop_app.core.datasets.question import Question
    from desktop_app.ui.common.thumbnails import Thumbnails


_FEW = 3


class ChoiceList(QWidget):
    """Cards below each other, the most likely answer first.

    Of a question that may stay open, the first few answers are shown, and the others on request.

    Signals:
        chosen: The `Choice` that was clicked.
    """

    chosen = Signal(object)

    def __init__(self, question: Question, thumbnails: Thumbnails, *, compact: bool = False) -> None:
        super().__init__()
        self.cards: list[ChoiceCard] = []
        layout = vertical(self, spacing=8)
        for number, choice in enumerate(question.choices):
            suggested = question.proposed and number == 0
            card = ChoiceCard(choice, thumbnails, suggested=suggested, compact=compact)
            card.clicked.connect(lambda _checked=False, choice=choice: self.chosen.emit(choice))
            layout.addWidget(card)
            self.cards.append(card)
        later = self.cards[_FEW:] if compact and not question.required else []
        self._later = later if len(later) > 1 else []
        self._more = button(f"Show {len(self._later)} other answers", look="inline")
        self._more.clicked.connect(self._show_later)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._more.setVisible(bool(self._later))
        for card in self._later:
            card.hide()

    def _show_later(self) -> None:
        for card in self._later:
            card.show()
        self._more.hide()
        self._later[0].setFocus()

    def lead_keyboard(self) -> None:
        """Put the keyboard on the first answer, and show it."""
        if self.cards:
            self.cards[0].setFocus()
            self.cards[0].bring_up()
