"""The prediction for one picture: its label, the five bars, and which model made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.core.foundation.text import breakable, duration, percent
from desktop_app.ui.classify.label_bar import LabelBar
from desktop_app.ui.common.controls.widgets import heading, icon_button, label, tooltip, vertical

if TYPE_CHECKING:
    from desktop_app.core.classify.prediction import Prediction
    from desktop_app.workers.classify.messages import Answer

SHOWN = 5
_AIR = ((420, 24), (320, 12), (0, 4))
"""Heights of the panel from which a bar gets this much empty height around it, in pixels."""


class AnswerPage(QWidget):
    """Read at a glance: a large name, five bars, one line with model, engine, device and time."""

    copy_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._headline = heading(factor=1.6, wrap=True)
        self._kind = label(tone="muted", wrap=True)
        self._doubt = label(wrap=True)
        self._bars = [LabelBar() for _ in range(SHOWN)]
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
        for bar in self._bars:
            layout.addWidget(bar)
        layout.addSpacing(4)
        layout.addWidget(self._who)
        layout.addWidget(self._why)
        layout.addStretch(1)

    def set_room(self, height: int) -> None:
        """Space the bars out where the height allows it."""
        air = next(air for least, air in _AIR if height >= least)
        for bar in self._bars:
            bar.set_air(air)

    def show_answer(self, answer: Answer) -> None:
        """Show a prediction; doubt is put into words."""
        prediction = answer.prediction
        top = prediction.top
        model = breakable(answer.model_name)
        self._show_first(prediction, model)
        self._doubt.setVisible(prediction.doubtful)
        self._doubt.setText(
            f"Best guess: {breakable(top.readable)} ({percent(top.probability)}). "
            f"It may not be one of the things {model} knows."
        )
        if prediction.unlike:
            self._doubt.setText(f"Best guess among its classes: {breakable(top.readable)}.")
        self._headline.setToolTip(tooltip(prediction.distance_sentence))
        for position, bar in enumerate(self._bars):
            bar.setVisible(position < len(prediction.labels))
            if position < len(prediction.labels):
                bar.show_label(
                    prediction.labels[position],
                    sure=not prediction.doubtful,
                    counts=not prediction.unlike,
                )
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

    def _show_first(self, prediction: Prediction, model: str) -> None:
        """Show what is read first, and with it the sum over the broader kind, which is none of the bars."""
        kind = prediction.kind
        self._kind.setVisible(kind is not None and not prediction.doubtful)
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
