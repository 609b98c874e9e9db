"""The prediction for one picture: its label, the bars or amounts, and which model made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop_app.core.classify.prediction import NO_LABEL
from desktop_app.core.foundation.text import breakable, duration, percent
from desktop_app.ui.classify.label_bar import LabelBar
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import (
    button,
    heading,
    horizontal,
    icon_button,
    label,
    tooltip,
    vertical,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QLabel

    from desktop_app.core.classify.prediction import Amount, Prediction
    from desktop_app.workers.classify.messages import Answer

SHOWN = 5
_AIR = ((420, 24), (320, 12), (0, 4))
"""Heights of the panel from which a bar gets this much empty height around it, in pixels."""


class AnswerPage(QWidget):
    """Read at a glance: a large name, five bars, one line with model, engine, device and time.

    Where a picture may have several labels there is a bar for each that is right, and more on request.
    Amounts are numbers with their units.

    Signals:
        copy_requested: The user wants the result on the clipboard.
        thresholds_requested: The id of the model whose thresholds the user wants to change.
    """

    copy_requested = Signal()
    thresholds_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._headline = heading(factor=1.6, wrap=True)
        self._kind = label(tone="muted", wrap=True)
        self._doubt = label(wrap=True)
        self._bars = [LabelBar() for _ in range(SHOWN)]
        self._amounts = AmountList()
        self._answer: Answer | None = None
        self._air = 14
        self._unfolded = False
        self._more = button("", look="inline")
        self._more.clicked.connect(self._on_more_clicked)
        self._thresholds = button(
            "Thresholds…", look="inline", tip="Change from which probability on labels are right"
        )
        self._thresholds.clicked.connect(self._on_thresholds_clicked)
        self._who = label(tone="muted", wrap=True)
        self._why = label(tone="muted", wrap=True)
        copy = icon_button("Copy result", "copy")
        copy.clicked.connect(self.copy_requested)

        top = QHBoxLayout()
        top.addWidget(self._headline, 1)
        top.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
        layout = vertical(self, spacing=4)
        layout.addLayout(top)
        layout.addWidget(self._kind)
        layout.addWidget(self._doubt)
        layout.addSpacing(4)
        self._column = vertical(spacing=4)
        for bar in self._bars:
            self._column.addWidget(bar)
        layout.addLayout(self._column)
        layout.addWidget(self._amounts)
        below = horizontal(spacing=16)
        below.addWidget(self._more)
        below.addWidget(self._thresholds)
        below.addStretch(1)
        layout.addLayout(below)
        layout.addSpacing(4)
        layout.addWidget(self._who)
        layout.addWidget(self._why)
        layout.addStretch(1)

    def set_room(self, height: int) -> None:
        """Space the bars out where the height allows it."""
        self._air = next(air for least, air in _AIR if height >= least)
        for bar in self._bars:
            bar.set_air(self._air)

    def show_answer(self, answer: Answer) -> None:
        """Show a prediction; doubt is put into words."""
        prediction = answer.prediction
        if self._answer is None or self._answer.model_id != answer.model_id:
            self._unfolded = False
        self._answer = answer
        model = breakable(answer.model_name)
        self._show_first(prediction, model)
        self._doubt.setVisible(prediction.doubtful)
        self._doubt.setText(breakable(doubt_sentence(prediction, answer.model_name)))
        self._headline.setToolTip(tooltip(prediction.distance_sentence))
        self._show_labels(prediction)
        self._amounts.show_amounts(prediction.amounts[1:] if prediction.amounts else ())
        fit = answer.fit_note
        by = answer.by
        parts = (by.name, by.device, duration(answer.seconds))
        who = (model, *(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts), *([fit] if fit else []))
        self._who.setText(", ".join(who))
        self._who.setAccessibleName(
            f"Classified with {answer.model_name} by {by.name} on {by.device} in {duration(answer.seconds)}"
            f"{f', which {fit}' if fit else ''}"
        )
        self._why.setText(breakable(by.surprise))
        self._why.setVisible(bool(by.surprise))

    def _show_labels(self, prediction: Prediction) -> None:
        """Show the bars: five, or one for each label that is right where that are more, or all of them."""
        several = prediction.task == "multi-label"
        every = len(prediction.labels)
        least = max(SHOWN, len(prediction.right))
        shown = every if self._unfolded and several else min(least, every)
        while len(self._bars) < shown:
            bar = LabelBar()
            bar.set_air(self._air)
            self._bars.append(bar)
            self._column.addWidget(bar)
        for position, bar in enumerate(self._bars):
            bar.setVisible(position < shown)
            if position < shown:
                bar.show_label(
                    prediction.labels[position],
                    sure=several or not prediction.doubtful,
                    counts=not prediction.unlike,
                )
        self._more.setVisible(several and every > least)
        self._more.setText("Show fewer labels" if self._unfolded else f"Show all {every:,} labels")
        self._thresholds.setVisible(several)

    def _on_more_clicked(self) -> None:
        self._unfolded = not self._unfolded
        if self._answer is not None:
            self._show_labels(self._answer.prediction)

    def _on_thresholds_clicked(self) -> None:
        if self._answer is not None:
            self.thresholds_requested.emit(self._answer.model_id)

    def _show_first(self, prediction: Prediction, model: str) -> None:
        """Show what is read first, and with it the sum over the broader kind, which is none of the bars."""
        kind = prediction.kind
        self._kind.setVisible(kind is not None and not prediction.doubtful)
        if prediction.task != "classification":
            self._show_findings(prediction, model)
            return
        if prediction.doubtful:
            unlike = f"Unlike anything {model} was trained on"
            self._headline.setText(unlike if prediction.unlike else "Not sure")
        elif kind is None:
            self._headline.setText(breakable(prediction.name))
        elif kind.first:
            self._headline.setText(kind.figure)
            self._kind.setText(f"All {kind.classes:,} kinds of {kind.name} together. One by one:")
        else:
            self._headline.setText(breakable(prediction.name))
            self._kind.setText(
                f"A kind of {kind.name} ({percent(kind.probability)} for all {kind.classes:,} together)"
            )
        self._headline.setAccessibleName("" if prediction.doubtful else prediction.sentence)

    def _show_findings(self, prediction: Prediction, model: str) -> None:
        """Show the labels that are right, or the first amount."""
        amounts = prediction.amounts
        self._headline.setText(breakable(amounts[0].figure if amounts else capitalized(prediction.name)))
        self._headline.setAccessibleName(prediction.sentence)
        self._kind.setVisible(prediction.unlike or bool(amounts))
        self._kind.setText(breakable(amounts[0].readable) if amounts else "")
        if prediction.unlike:
            self._headline.setText(breakable(prediction.plain))
            self._kind.setText(f"Unlike anything {model} was trained on")


class AmountList(QWidget):
    """Amounts below each other: name on the left, number and unit on the right."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self._rows: list[tuple[ElidedLabel, QLabel]] = []

    def show_amounts(self, amounts: Sequence[Amount]) -> None:
        """Show these and no others."""
        self.setVisible(bool(amounts))
        while len(self._rows) < len(amounts):
            row = (ElidedLabel(), label())
            self._grid.addWidget(row[0], len(self._rows), 0)
            self._grid.addWidget(row[1], len(self._rows), 1, Qt.AlignmentFlag.AlignRight)
            self._rows.append(row)
        for number, (name, figure) in enumerate(self._rows):
            for part in (name, figure):
                part.setVisible(number < len(amounts))
            if number < len(amounts):
                name.setText(amounts[number].readable)
                figure.setText(amounts[number].figure)
                figure.setAccessibleName(amounts[number].words)


def doubt_sentence(prediction: Prediction, model: str) -> str:
    """Put into words why a prediction is doubtful."""
    if prediction.amounts:
        return "The amounts may be far off."
    if prediction.task == "multi-label":
        doubtful = (entry for entry in prediction.labels if entry.near)
        near = [f"{entry.readable} ({percent(entry.probability)})" for entry in doubtful]
        if prediction.unlike or not near:
            return "The labels may all be wrong."
        are = "is near its threshold" if len(near) == 1 else "are near their thresholds"
        return f"Not sure: {', '.join(near)} {are}."
    top = prediction.top
    if prediction.unlike:
        return f"Best guess among its classes: {top.readable}."
    return (
        f"Best guess: {top.readable} ({percent(top.probability)}). "
        f"It may not be one of the things {model} knows."
    )


def capitalized(text: str) -> str:
    """Begin "no label" with a capital letter; names of labels stay as they are."""
    return f"{text[:1].upper()}{text[1:]}" if text.startswith(NO_LABEL) else text
