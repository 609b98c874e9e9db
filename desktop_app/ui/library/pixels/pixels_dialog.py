"""Asks how a model gets its pictures when its file does not say: the answers show what is right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.library.pixel_choices import ranked
from desktop_app.ui.common.controls.widgets import (
    button,
    heading,
    horizontal,
    label,
    line,
    set_tone,
    vertical,
)
from desktop_app.ui.common.dialogs import FittedDialog
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.common.style.icons import set_icon
from desktop_app.ui.library.pixels.answer_cells import Names, thumbnail
from desktop_app.ui.library.pixels.choice_row import AnswerRow, ChoiceRow, OtherRow
from desktop_app.ui.library.pixels.fit_form import FitForm
from desktop_app.workers.library.trials import MOST_PICTURES, TrialRequest

if TYPE_CHECKING:
    from desktop_app.core.library.pixel_choices import Clue
    from desktop_app.core.trial.messages import Best, TrialAnswers, TrialInput
    from desktop_app.workers.library.pixels_question import PixelsQuestion
    from desktop_app.workers.library.trials import TrialPictures

_WIDTH = 840
_FIRST = 3
"""Choices that are in sight at once."""
_CHANGED = (
    "With other values than in training it answers wrongly, often without looking unsure. Choose the row "
    "whose answers fit the pictures."
)
_ASKED = f"Its file leaves this open, or contradicts itself. {_CHANGED}"
_FEATURES = "It names nothing, so there are no answers to go by: choose what it was trained on."
_HINT = "None of these fits? Try pictures of its own classes."
_TRYING = "Trying the pictures…"


class PixelsDialog(FittedDialog):
    """A row for each choice with the answers beside it; Import stays off until one is chosen.

    Signals:
        trial_requested: A `TrialRequest`.
    """

    trial_requested = Signal(object)

    def __init__(self, question: PixelsQuestion, parent: QWidget | None = None) -> None:
        super().__init__("Pixel values", _WIDTH, parent)
        self._question = question
        self._clues = list(question.clues)
        card = question.card
        self._names = Names(card.task, [entry.readable for entry in card.classes], card.units)
        self._files: tuple[Path, ...] = ()
        self._pictures = 0
        self._known: dict[TrialInput, tuple[Best, ...] | None] = {}
        self._by_hand = False
        self._rows: list[ChoiceRow] = []
        self._first = 0  # the number of those in sight
        self._group = QButtonGroup(self)
        self._form = FitForm(question.given, card.architecture, question.producer, card.input.channels)
        self._form.edited.connect(self._update)
        self._form.changed.connect(self._on_form_changed)
        self._other = OtherRow(card.input.channels)
        self._other.typed.connect(self._on_other_typed)
        self._group.addButton(self._other.radio)
        self._group.buttonToggled.connect(self._update)
        self._group.buttonClicked.connect(self._on_clicked)
        self._strip = horizontal(spacing=8)
        self._choices, self._more = vertical(spacing=8), QWidget()
        self._hidden = vertical(self._more, spacing=8)
        self._more.hide()
        self._unfold = button("More choices", "chevron-right", look="inline")
        self._unfold.setCheckable(True)
        self._unfold.toggled.connect(self._on_unfolded)
        self._state = label(_HINT, tone="muted", wrap=True)
        self._try = button("Try your pictures…", "folder")
        self._try.clicked.connect(self._on_try_clicked)
        self._ok = button("Save" if question.model_id else "Import", look="primary")
        self._ok.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self._lay_out(cancel)
        self._fill(question.given.preprocessing if question.model_id else None)

    def chosen(self) -> TrialInput | None:
        """The choice; None before there is one that can be used."""
        pixels = self._chosen_pixels()
        if pixels is None or self._form.problem:
            return None
        return self._form.chosen(replace(self._question.given, preprocessing=pixels))

    def choose(self, preprocessing: str) -> None:
        """Choose as a click does; what has no row is typed."""
        row = next((row for row in self._rows if row.preprocessing == preprocessing), None)
        if row is None:
            self._other.set_text(preprocessing)
        else:
            row.radio.setChecked(True)
        self._on_clicked()

    def begin(self) -> None:
        """Ask for the first answers."""
        first = self._group.checkedButton() or self._rows[0].radio
        (self._ok if self._ok.isEnabled() else first).setFocus()
        if self._question.card.task != "embedding":
            self._ask(leading=self._leading())

    def show_pictures(self, read: TrialPictures) -> None:
        """Show the pictures that are tried."""
        while (item := self._strip.takeAt(1)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for name, pixels in read.pictures:
            self._strip.addWidget(thumbnail(name, pixels), 0, Qt.AlignmentFlag.AlignBottom)
        self._pictures = len(read.pictures)
        self._show_answers()
        self._refit()

    def show_answers(self, answers: TrialAnswers) -> None:
        """Show what the model answers in one way."""
        self._known[answers.given] = answers.best
        self._show_answers()

    def show_clue(self, clue: Clue) -> None:
        """Put the choices in order again, by what the network itself says; what the user chose stays."""
        if any((clue.preprocessing, clue.reason) == (one.preprocessing, one.reason) for one in self._clues):
            return
        self._clues.append(clue)
        self._fill(self._chosen_pixels() if self._by_hand or self._question.model_id else None)
        self._show_answers()
        self._refit()

    def end_trial(self, problem: str = "") -> None:
        """Say why pictures could not be tried, or that all were."""
        self._try.setEnabled(True)
        self._state.setText(problem or _HINT)
        set_tone(self._state, "danger" if problem else "muted")
        if problem:
            self._show_answers(waiting=False)

    def _lay_out(self, cancel: QWidget) -> None:
        question = self._question
        name = question.card.name if question.model_id else printable(question.path.name)
        self.column.addWidget(heading(f"Which pixels was {name} trained on?", factor=1.2, wrap=True))
        features = question.card.task == "embedding"
        words = _FEATURES if features else _CHANGED if question.model_id else _ASKED
        self.column.addWidget(label(words, wrap=True))
        self.column.addSpacing(4)
        self._strip.addStretch(1)
        self.column.addLayout(self._strip)
        self.column.addLayout(self._choices)
        folding = horizontal()
        folding.addWidget(self._unfold)
        folding.addStretch(1)
        self.column.addLayout(folding)
        self.column.addWidget(self._more)
        self.column.addWidget(self._other)
        self.column.addSpacing(4)
        self.column.addWidget(line())
        self.column.addWidget(self._form)
        self.column.addStretch(1)
        buttons = horizontal(spacing=8)
        buttons.addWidget(self._try)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._ok)
        self._try.setVisible(not features)
        self._state.setVisible(not features)
        self.foot.addWidget(self._state)
        self.foot.addSpacing(8)
        self.foot.addLayout(buttons)

    def _fill(self, wanted: str | None) -> None:
        """Show the choices; ``wanted`` or the likeliest is chosen."""
        for row in self._rows:
            self._group.removeButton(row.radio)
            self._choices.removeWidget(row)
            self._hidden.removeWidget(row)
            row.hide()
            row.deleteLater()
        choices = ranked(self._question.card.input.channels, self._clues)
        self._rows = [ChoiceRow(choice) for choice in choices]
        likely = next((choice.preprocessing for choice in choices if choice.likely), None)
        named = {row.preprocessing: number for number, row in enumerate(self._rows)}
        first = self._first = max(_FIRST, sum(bool(choice.reasons) for choice in choices))
        for number, row in enumerate(self._rows):
            (self._choices if number < first else self._hidden).addWidget(row)
            row.show()
            self._group.addButton(row.radio)
            row.answers.make(self._pictures)
        rest = len(self._rows) - first
        self._unfold.setVisible(rest > 0)
        self._unfold.setText(counted(rest, "more choice"))
        if wanted in named:
            self._rows[named[wanted]].radio.setChecked(True)
            if named[wanted] >= first:
                self._unfold.setChecked(True)
        elif wanted is not None:
            if self._other.preprocessing != wanted:
                self._other.set_text(wanted)
        elif likely is not None:
            self._rows[named[likely]].radio.setChecked(True)
        self._other.answers.make(self._pictures)
        self._update()

    def _chosen_pixels(self) -> str | None:
        if self._other.radio.isChecked():
            return self._other.preprocessing
        return next((row.preprocessing for row in self._rows if row.radio.isChecked()), None)

    def _leading(self) -> str:
        """The pixel values that the file speaks for; empty for none."""
        first = ranked(self._question.card.input.channels, self._clues)[0]
        return first.preprocessing if first.likely else ""

    def _way(self, preprocessing: str) -> TrialInput:
        return self._form.chosen(replace(self._question.given, preprocessing=preprocessing))

    def _ask(self, leading: str | None = None) -> None:
        """Ask for the answers that are in sight and not known yet."""
        if self._question.card.task == "embedding" or self._form.problem:
            return
        rows = self._rows if self._unfold.isChecked() else self._rows[: self._first]
        rows = sorted(rows, key=lambda row: not row.radio.isChecked())
        wanted: list[str] = [row.preprocessing for row in rows]
        if self._other.preprocessing is not None and self._other.radio.isChecked():
            wanted.insert(0, self._other.preprocessing)
        ways = tuple(way for each in wanted if (way := self._way(each)) not in self._known)
        if not ways:
            return
        self._state.setText(_TRYING)
        set_tone(self._state, "muted")
        self.trial_requested.emit(TrialRequest(self._question.subject, ways, self._files, leading))
        self._show_answers()

    def _show_answers(self, *, waiting: bool = True) -> None:
        shown: list[tuple[AnswerRow, str | None]] = [(row.answers, row.preprocessing) for row in self._rows]
        other = self._other.preprocessing if self._other.radio.isChecked() else None
        for answers, preprocessing in [*shown, (self._other.answers, other)]:
            answers.make(self._pictures)
            way = None if preprocessing is None else self._way(preprocessing)
            if way in self._known:
                answers.show_answers(self._known[way], self._names)
            elif waiting and way is not None:
                answers.wait()
            else:
                answers.clear()

    def _on_try_clicked(self) -> None:
        chosen, _ = FileDialog.open_files(self, "Pictures of its classes")
        if chosen:
            self._files = tuple(map(Path, chosen))[:MOST_PICTURES]
            self._known.clear()
            self._ask()

    def _on_form_changed(self) -> None:
        self._update()
        self._ask()
        self._show_answers()
        self._refit()

    def _on_other_typed(self) -> None:
        self._on_clicked()

    def _on_clicked(self) -> None:
        self._by_hand = True
        self._update()
        self._ask()
        self._refit()
        if self._other.radio.isChecked():
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self._other))

    def _on_unfolded(self, opened: bool) -> None:
        set_icon(self._unfold, "chevron-down" if opened else "chevron-right")
        self._more.setVisible(opened)
        if opened:
            self._ask()
        self._refit()

    def _update(self) -> None:
        self._ok.setEnabled(self.chosen() is not None)

    def _refit(self) -> None:
        """Take the fitting size once what is new has its own."""
        if self.isVisible():
            QTimer.singleShot(0, self, self.fit)
