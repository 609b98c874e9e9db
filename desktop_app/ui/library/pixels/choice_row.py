"""One choice of pixel values: its name, what speaks for it, and what the model answers with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QRadioButton, QWidget

from desktop_app.core.networks.pixels import PIXEL_FORM, canonical, fits_channels, pixel_words
from desktop_app.ui.common.controls.widgets import horizontal, label, scale_font, set_tone, vertical
from desktop_app.ui.library.pixels.answer_cells import CELL, NO_NUMBERS, WAITING, AnswerCell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.library.pixel_choices import PixelChoice
    from desktop_app.core.networks.pixels import Preprocessing
    from desktop_app.core.trial.messages import Best
    from desktop_app.ui.library.pixels.answer_cells import Names

_INDENT = 24
"""Pixels that stand before what belongs to a radio button."""
_SPACING = 8
_TYPING_MS = 400
"""Pause in the typing after which a text is tried."""


class AnswerRow(QWidget):
    """A cell for each picture."""

    def __init__(self) -> None:
        super().__init__()
        self._row = horizontal(self, spacing=_SPACING)
        self._cells: list[AnswerCell] = []

    def make(self, count: int) -> None:
        """Make room for as many pictures."""
        while len(self._cells) > count:
            cell = self._cells.pop()
            self._row.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        while len(self._cells) < count:
            self._cells.append(AnswerCell())
            self._row.addWidget(self._cells[-1])
        self.setFixedWidth(max(0, count * (CELL + _SPACING) - _SPACING))
        self.setVisible(bool(count))

    def wait(self) -> None:
        """Show that answers will come."""
        for cell in self._cells:
            cell.show_answer(WAITING)

    def clear(self) -> None:
        """Show no answers."""
        for cell in self._cells:
            cell.show_answer("")

    def show_answers(self, best: Sequence[Best] | None, names: Names) -> None:
        """Show what the model takes the pictures for; None where its numbers are beyond all bounds."""
        for number, cell in enumerate(self._cells):
            if best is None:
                cell.show_answer(NO_NUMBERS)
            elif number < len(best):
                cell.show_answer(*names.words(best[number]))


class ChoiceRow(QWidget):
    """A radio button with an explanation, and the answers beside it."""

    def __init__(self, choice: PixelChoice) -> None:
        super().__init__()
        self.preprocessing: Preprocessing = choice.preprocessing
        self.radio = QRadioButton(f"{choice.words} (most likely)" if choice.likely else choice.words)
        self.radio.setAccessibleDescription(". ".join((choice.details, *choice.reasons)))
        self.answers = AnswerRow()
        words = vertical(spacing=0)
        words.addWidget(self.radio)
        words.addWidget(_small(choice.details))
        words.addStretch(1)
        row = horizontal(spacing=12)
        row.addLayout(words, 1)
        row.addWidget(self.answers)
        column = vertical(self, spacing=0)
        column.addLayout(row)
        for reason in choice.reasons:
            column.addWidget(_small(reason))


class OtherRow(QWidget):
    """Any scale, offset and order of the channels, as a text.

    Signals:
        typed: The text is another one; `problem` says what is wrong with it.
    """

    typed = Signal()

    def __init__(self, channels: int) -> None:
        super().__init__()
        self._channels = channels
        self.radio = QRadioButton("Other: scale, offset and order")
        self.answers = AnswerRow()
        self._field = QLineEdit()
        self._field.setPlaceholderText(PIXEL_FORM if channels == 3 else "scale=1/255 offset=-0.5")
        self._field.setAccessibleName("Scale, offset and order of the pixel values")
        self._field.setMaxLength(300)
        self._field.textEdited.connect(self._on_edited)
        self._verdict = _small("")
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._pause.timeout.connect(self.typed)
        self.problem = "Type values."
        self.preprocessing: Preprocessing | None = None
        self._typed = QWidget()
        inset = vertical(self._typed, spacing=4)
        field = horizontal(margins=(_INDENT, 0, 0, 0))
        field.addWidget(self._field)
        inset.addLayout(field)
        inset.addWidget(self._verdict)
        words = vertical(spacing=4)
        words.addWidget(self.radio)
        words.addWidget(self._typed)
        words.addStretch(1)
        row = horizontal(self, spacing=12)
        row.addLayout(words, 1)
        row.addWidget(self.answers)
        self.radio.toggled.connect(self._on_toggled)
        self._on_toggled(chosen=False)
        self._check()

    def set_text(self, text: str) -> None:
        """Type a text."""
        self._field.setText(text)
        self._on_edited()

    def _on_edited(self) -> None:
        self.radio.setChecked(True)
        self._check()
        self.answers.clear()
        self._pause.start()

    def _on_toggled(self, chosen: bool) -> None:
        self._typed.setVisible(chosen)
        if chosen and not self._field.text():
            self._field.setFocus()

    def _check(self) -> None:
        text = self._field.text().strip()
        self.preprocessing, self.problem = None, ""
        if not text:
            self.problem = "Type values."
            self._say(
                "The network gets scale * x + offset for x from 0 to 255; three numbers: one a channel."
            )
            return
        try:
            found = canonical(text)
        except ValueError as error:
            self.problem = f"{str(error)[0].upper()}{str(error)[1:]}."
        else:
            if fits_channels(found, self._channels):
                self.preprocessing = found
                self._say(f"The network gets {pixel_words(found)}")
                return
            self.problem = "It takes grey pictures: one number, and no order."
        self._say(self.problem, wrong=True)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self._verdict.setText(text)
        set_tone(self._verdict, "danger" if wrong else "muted")


def _small(text: str) -> QLabel:
    words = label(text, tone="muted", wrap=True)
    scale_font(words, 0.92)
    words.setContentsMargins(_INDENT, 0, 0, 0)
    return words
