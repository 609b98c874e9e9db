"""How to split a data set that has no splits of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.core.datasets.report import PARTS
from desktop_app.core.datasets.splits.split import quotas
from desktop_app.ui.common.controls.explained import Explained
from desktop_app.ui.common.controls.number_box import NumberBox
from desktop_app.ui.common.controls.widgets import heading, label, set_tone

if TYPE_CHECKING:
    from desktop_app.core.datasets.report import DatasetReport, Part

_VALIDATION, _TEST = 20, 10
"""Percentages, unless the user chooses others."""
_MOST, _ALL = 90, 100
_BOX_FRAME = 48
"""Margins and arrows of a field."""
_FEWEST = 2
"""Classes that a network can tell apart."""
_ALLOWED = f"It must be from 0 to {_MOST}%."
_OF_TRAINING = "Share of the training pictures, used to pick the best version."
_OF_ALL = "Share of all pictures, used to pick the best version."


@dataclass(frozen=True, slots=True)
class PlannedSplit:
    """How many pictures each split will get, about; the run itself divides class by class.

    Attributes:
        train: Number of training pictures.
        validation: Number of pictures that choose the best epoch.
        test: Number of pictures for the final figures.
    """

    train: int
    validation: int
    test: int

    @property
    def sentence(self) -> str:
        """The three numbers in one line."""
        return f"{self.train:,} training, {self.validation:,} validation, {self.test:,} test"


class SplitSettings(QWidget):
    """Two percentages, shown only where the folders leave the choice, and the resulting numbers.

    A percentage that is not allowed stays as typed, with a sentence that says what is.

    Signals:
        split_changed: The user changed a percentage.
    """

    split_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._report: DatasetReport | None = None
        self._validation = self._box("Validation", _VALIDATION)
        self._test = self._box("Test", _TEST)
        self._words: dict[NumberBox, Explained] = {}
        self._sentence = label(tone="muted", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.addWidget(heading("Split", factor=1.1), 0, 0, 1, 2)
        self._add(grid, 1, self._validation, _OF_ALL)
        self._add(grid, 2, self._test, "Share of all pictures, kept aside to measure the final accuracy.")
        grid.addWidget(self._sentence, 3, 0, 1, 2)

    @property
    def validation(self) -> float:
        """Fraction of the pictures that it is drawn from, 0..0.9 unless there is a `problem`."""
        return self._validation.value() / 100

    @property
    def test(self) -> float:
        """Fraction of all pictures, 0..0.9 unless there is a `problem`."""
        return self._test.value() / 100

    @property
    def planned(self) -> PlannedSplit:
        """The split of the present data set by the folders or the percentages."""
        if self._report is None or self.problem:
            return PlannedSplit(0, 0, 0)
        train, validation, test = (self._report.count(part) for part in PARTS)
        wanted: dict[Part, float] = {}
        if not validation:
            wanted["validation"] = self.validation
        if not _has_splits(self._report):
            wanted["test"] = self.test
        drawn = (
            [train]
            if self._report.combinations is not None
            else [entry.train for entry in self._report.learnt]
        )
        for pictures in drawn:
            for part, count in quotas(pictures, wanted).items():
                train -= count
                validation += count if part == "validation" else 0
                test += count if part == "test" else 0
        return PlannedSplit(train, validation, test)

    @property
    def problem(self) -> str:
        """Why the data cannot be split like that, as a sentence; empty when they can."""
        for box in self._offered:
            if not _is_allowed(box):
                return f"{box.accessibleName()}: {_ALLOWED}"
        if sum(box.value() for box in self._offered) >= _ALL:
            return f"Validation and test must stay below {_ALL}% together, or nothing is left to train on."
        if self._report is not None and len(self._report.learnt) < _FEWEST:
            what = "classes" if self._report.combinations is None else "labels"
            return f"Fewer than two {what} have training pictures."
        return ""

    def show_report(self, report: DatasetReport) -> None:
        """Offer what the folders leave open."""
        self._report = report
        own_validation, own_splits = any(entry.validation for entry in report.learnt), _has_splits(report)
        for box, offered in ((self._validation, not own_validation), (self._test, not own_splits)):
            for part in (self._words[box], box):
                part.setVisible(offered)
        self._words[self._validation].explain(_OF_TRAINING if own_splits else _OF_ALL)
        self._validation.setAccessibleDescription(_OF_TRAINING if own_splits else _OF_ALL)
        self._show_state()

    def set_split(self, validation: float, test: float) -> None:
        """Show these fractions, 0..1, without emitting `split_changed`."""
        self.blockSignals(True)
        for box, fraction in ((self._validation, validation), (self._test, test)):
            box.setValue(fraction * 100)
        self.blockSignals(False)
        self._show_state()

    @property
    def _offered(self) -> list[NumberBox]:
        return [box for box in (self._validation, self._test) if not box.isHidden()]

    def _box(self, name: str, percent: int) -> NumberBox:
        # A run of the command line, which is repeated here, may have been divided by any fraction.
        result = NumberBox(name, 0, _MOST, whole=False, unit="%")
        result.setSingleStep(5)
        # What may be typed, and then be rejected, is much longer than what is asked for.
        result.setFixedWidth(result.fontMetrics().horizontalAdvance("99,999%") + _BOX_FRAME)
        result.setValue(percent)
        result.valueChanged.connect(self._on_value_changed)
        return result

    def _add(self, grid: QGridLayout, row: int, box: NumberBox, explanation: str) -> None:
        words = Explained(box.accessibleName(), explanation)
        box.setAccessibleDescription(explanation)
        grid.addWidget(words, row, 0)
        grid.addWidget(box, row, 1, Qt.AlignmentFlag.AlignVCenter)
        self._words[box] = words

    def _on_value_changed(self) -> None:
        self._show_state()
        self.split_changed.emit()

    def _show_state(self) -> None:
        for box, words in self._words.items():
            words.show_problem("" if _is_allowed(box) else _ALLOWED)
        problem = self.problem
        self._sentence.setText(problem or self.planned.sentence)
        self._sentence.setVisible(all(map(_is_allowed, self._offered)))  # the field says it already
        set_tone(self._sentence, "danger" if problem else "muted")


def _has_splits(report: DatasetReport) -> bool:
    """Whether the folders say what is for training and what for testing, as they do for all or none."""
    return bool(report.examples) and report.examples[0].part is not None


def _is_allowed(box: NumberBox) -> bool:
    return 0 <= box.value() <= _MOST
