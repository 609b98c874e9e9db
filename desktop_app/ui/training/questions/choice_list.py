"""The answers to one question, one card each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.controls.widgets import vertical
from desktop_app.ui.training.questions.choice_card import ChoiceCard

if TYPE_CHECKING:
    from desktop_app.core.datasets.question import Question
    from desktop_app.ui.common.thumbnails import Thumbnails


class ChoiceList(QWidget):
    """Cards below each other, the most likely answer first.

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

    def lead_keyboard(self) -> None:
        """Put the keyboard on the first answer, and show it."""
        if self.cards:
            self.cards[0].setFocus()
            self.cards[0].bring_up()
