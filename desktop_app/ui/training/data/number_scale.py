"""Which numbers of a data set are black and white, to be dragged or typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.datasets.answers import NO_ANSWERS
from desktop_app.core.foundation.text import plain_number
from desktop_app.ui.common.controls.number_box import NumberBox
from desktop_app.ui.common.controls.widgets import button, horizontal, label, vertical
from desktop_app.ui.training.data.number_histogram import NumberHistogram

if TYPE_CHECKING:
    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.report import DatasetReport, NumberRange

_FARTHEST = 1e12
_STEPS = 100
"""Steps of a field's arrows from the least to the greatest number."""

_BOX_WIDTH = 130


class NumberScale(QWidget):
    """The histogram of numbers, with a field for what is black and one for what is white.

    It is hidden for data without pictures of more than 8 bits.

    Signals:
        chosen: The `Answers` with the black and white that the user wants.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._answers: Answers = NO_ANSWERS
        self._numbers: NumberRange | None = None
        self._histogram = NumberHistogram()
        self._histogram.moved.connect(self._on_moved)
        self._black, self._white = (
            NumberBox(f"Number that is {name}", -_FARTHEST, _FARTHEST, whole=False, strict=True)
            for name in ("black", "white")
        )
        self._use = button("Use this scale")
        self._use.clicked.connect(self._on_use)
        row = horizontal(spacing=8)
        for text, box in (("Black", self._black), ("White", self._white)):
            box.setFixedWidth(_BOX_WIDTH)
            box.valueChanged.connect(self._on_typed)
            row.addWidget(label(text, tone="muted"))
            row.addWidget(box)
        row.addWidget(self._use)
        row.addStretch(1)
        layout = vertical(self, spacing=8)
        layout.addWidget(self._histogram)
        layout.addLayout(row)
        self.hide()

    def show_report(self, report: DatasetReport) -> None:
        """Show the numbers of a data set."""
        self._answers, self._numbers = report.answers or NO_ANSWERS, report.numbers
        self._histogram.show_numbers(report.numbers)
        self.setVisible(report.numbers is not None)
        if report.numbers is None:
            return
        black, white = _ends(report.numbers)
        for box, number in ((self._black, black), (self._white, white)):
            box.blockSignals(True)
            box.setSingleStep(float(plain_number((report.numbers.high - report.numbers.low) / _STEPS or 1.0)))
            box.setValue(number)
            box.blockSignals(False)
        self._use.setEnabled(report.numbers.black is None and black != white)

    def _on_moved(self, black: float, white: float) -> None:
        for box, number in ((self._black, black), (self._white, white)):
            box.setValue(number)

    def _on_typed(self) -> None:
        black, white = self._black.value(), self._white.value()
        self._histogram.show_ends(black, white)
        numbers = self._numbers
        changed = numbers is not None and (black, white) != (numbers.black, numbers.white)
        self._use.setEnabled(changed and black != white)

    def _on_use(self) -> None:
        ends = {"black": self._black.value(), "white": self._white.value()}
        self.chosen.emit(self._answers.changed(pixels=self._answers.pixels.model_dump() | ends))


def _ends(numbers: NumberRange) -> tuple[float, float]:
    """The numbers that are black and white, or could be where each picture has its own."""
    if numbers.black is None or numbers.white is None:
        return numbers.low, numbers.high
    return numbers.black, numbers.white
