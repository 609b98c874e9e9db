"""How a data set without parts of its own is divided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.ui.common.number_box import NumberBox
from desktop_app.ui.common.widgets import heading, label
from desktop_app.ui.training.explained import Explained

if TYPE_CHECKING:
    from desktop_app.core.datasets.report import DatasetReport

_VALIDATION, _TEST = 20, 10
"""Percent, unless the user says otherwise."""
_MOST = 80


@dataclass(frozen=True, slots=True)
class PlannedSplit:
    """About how many pictures each part will get; the run itself divides class by class.

    Attributes:
        train: To learn from.
        validation: To choose the best epoch with.
        test: For the final figures.
    """

    train: int
    validation: int
    test: int

    @property
    def sentence(self) -> str:
        """The three in one line."""
        return (
            f"About {self.train:,} pictures to learn from, {self.validation:,} to choose the best epoch with "
            f"and {self.test:,} for the final figures."
        )


class SplitSettings(QWidget):
    """Two percentages, shown only where the folders leave the choice, and what they come to.

    Signals:
        split_changed: The user changed a percentage.
    """

    split_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._report: DatasetReport | None = None
        self._validation = self._box("Validation part", _VALIDATION)
        self._test = self._box("Test part", _TEST)
        self._parts: dict[NumberBox, list[QWidget]] = {}
        self._sentence = label(tone="muted", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.addWidget(heading("Parts", factor=1.1), 0, 0, 1, 2)
        self._add(grid, 1, self._validation, "Of the training pictures; the best epoch is chosen by them.")
        self._add(grid, 2, self._test, "Of all pictures; never seen in training, for honest final figures.")
        grid.addWidget(self._sentence, 3, 0, 1, 2)

    @property
    def validation(self) -> float:
        """Part of the training pictures, 0..0.8."""
        return self._validation.value() / 100

    @property
    def test(self) -> float:
        """Part of all pictures, 0..0.8."""
        return self._test.value() / 100

    @property
    def planned(self) -> PlannedSplit:
        """What the folders or the percentages come to for the present data set."""
        if self._report is None:
            return PlannedSplit(0, 0, 0)
        train = sum(entry.train for entry in self._report.classes)
        validation = sum(entry.validation for entry in self._report.classes)
        test = sum(entry.test for entry in self._report.classes)
        if not _has_parts(self._report):
            test = round(train * self.test)
            train -= test
        if not validation:
            validation = round(train * self.validation)
            train -= validation
        return PlannedSplit(train, validation, test)

    def show_report(self, report: DatasetReport) -> None:
        """Offer what the folders leave open."""
        self._report = report
        own_validation = any(entry.validation for entry in report.classes)
        for box, offered in ((self._validation, not own_validation), (self._test, not _has_parts(report))):
            for part in self._parts[box]:
                part.setVisible(offered)
        self._sentence.setText(self.planned.sentence)

    def _box(self, name: str, percent: int) -> NumberBox:
        result = NumberBox(name, 0, _MOST, whole=True, unit="%", strict=True)
        result.setSingleStep(5)
        result.setValue(percent)
        result.valueChanged.connect(self._on_value_changed)
        return result

    def _add(self, grid: QGridLayout, row: int, box: NumberBox, explanation: str) -> None:
        words = Explained(box.accessibleName(), explanation)
        box.setAccessibleDescription(explanation)
        grid.addWidget(words, row, 0)
        grid.addWidget(box, row, 1, Qt.AlignmentFlag.AlignVCenter)
        self._parts[box] = [words, box]

    def _on_value_changed(self) -> None:
        self._sentence.setText(self.planned.sentence)
        self.split_changed.emit()


def _has_parts(report: DatasetReport) -> bool:
    """Whether the folders say what is for training and what for testing; they do so for all or none."""
    return bool(report.examples) and report.examples[0].part is not None
