"""The row of filters above the table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from desktop_app.core.batch.job.filters import RowFilter, label_words
from desktop_app.core.batch.job.rows import Status
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.number_box import NumberBox
from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.widgets import label
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from desktop_app.core.networks.outputs import Task

_NARROW = 900
_TYPING_MS = 250
_LETTERS = 12
_AMOUNT = 120
_NUMBER = 96
"""Pixels of the name of an amount, at most, and of its fields."""
_AROUND_WORDS = 76
"""Pixels of a picker beside its words."""
UNLIKE = "unlike"
_STATES: tuple[tuple[str, Status | str | None], ...] = (
    ("All pictures", None),
    ("Done", Status.DONE),
    ("Can't open", Status.FAILED),
    ("Waiting", Status.WAITING),
    ("Unlike any class", UNLIKE),
)


class FilterRow(QWidget):
    """Filters by text, label, status and confidence; a picture must match all of them.

    Signals:
        changed: The new `RowFilter`.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._names: Sequence[str] = ()
        self._shown: Sequence[tuple[int | str, int]] = ()
        self._filter = RowFilter()
        self._text = QLineEdit()
        self._text.setPlaceholderText("Find in path")
        self._text.setAccessibleName("Find in path")
        self._text.setMinimumWidth(120)
        self._label = Picker("Label")
        self._label.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._label.setMinimumContentsLength(_LETTERS)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._label.addItem("All labels", None)
        self._status = Picker("Status")
        for words, status in _STATES:
            self._status.addItem(words, status)
        longest = max(self.fontMetrics().horizontalAdvance(words) for words, _status in _STATES)
        self._status.setFixedWidth(longest + _AROUND_WORDS)
        self._least = NumberBox("Minimum confidence", 0, 100, whole=True, unit="%", strict=True)
        self._most = NumberBox("Maximum confidence", 0, 100, whole=True, unit="%", strict=True)
        for box, value in ((self._least, 0), (self._most, 100)):
            box.setValue(value)
            box.setSingleStep(5)
            box.setKeyboardTracking(False)
            box.valueChanged.connect(self._on_chosen)
        self._confidence: tuple[QWidget, ...] = (
            label("Confidence", tone="muted"),
            self._least,
            label("to", tone="muted"),
            self._most,
        )
        self._amount = ElidedLabel(muted=True)
        self._amount.setMaximumWidth(_AMOUNT)
        self._from, self._to = _number_edit("Minimum"), _number_edit("Maximum")
        self._range: tuple[QWidget, ...] = (self._amount, self._from, label("to", tone="muted"), self._to)
        self._edits = (self._text, self._from, self._to)
        for shown in self._range:
            shown.hide()
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._on_chosen)
        for edit in self._edits:
            edit.textChanged.connect(self._typing.start)
            edit.returnPressed.connect(self._on_chosen)
        self._label.activated.connect(self._on_chosen)
        self._status.activated.connect(self._on_chosen)
        height = self._label.sizeHint().height()
        for part in (self._text, self._least, self._most, self._from, self._to):
            part.setFixedHeight(height)  # else each kind has its own
        self._lay_out()

    @property
    def filter(self) -> RowFilter:
        """The current filter."""
        return self._filter

    def begin(self, names: Sequence[str], task: Task = "classification") -> None:
        """Reset for a job whose model has these classes, labels or amounts; `changed` is not emitted."""
        self._names, self._shown = names, ()
        self._label.setVisible(task != "regression")
        for part in self._confidence:
            part.setVisible(task == "classification")
        for part in self._range:
            part.setVisible(task == "regression")
        if task == "regression":
            self._amount.setText(names[0])
        self._label.setCurrentIndex(0)
        self._fill(())
        self._reset()

    def clear(self) -> None:
        """Clear all filters."""
        self._reset()
        self.changed.emit(self._filter)

    def show_labels(self, labels: Sequence[tuple[int | str, int]]) -> None:
        """Offer the labels that occur.

        Args:
            labels: The class index, or the name of the kind, and number of pictures of each label, most
                frequent first.
        """
        if labels != self._shown and not self._label.view().isVisible():  # else it would move under the hand
            self._shown = labels
            self._fill(labels)

    def choose_label(self, place: int | str | None) -> None:
        """Show only pictures of a class or kind, or of all again."""
        self._choose(place)
        self._on_chosen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use two lines where one has no room."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        wide = self.width() >= _NARROW
        self._row.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    def _lay_out(self) -> None:
        upper, lower = QHBoxLayout(), QHBoxLayout()
        for part, stretch in ((self._text, 3), (self._label, 2)):
            upper.addWidget(part, stretch)
        lower.addWidget(self._status)
        lower.addSpacing(8)
        for shown in (*self._confidence, *self._range):
            lower.addWidget(shown)
        lower.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for each in (upper, lower, self._row):
            each.setSpacing(8)
        self._row.addLayout(upper, 1)
        self._row.addLayout(lower)

    def _fill(self, labels: Sequence[tuple[int | str, int]]) -> None:
        chosen = self._label.currentData()
        self._label.clear()
        self._label.addItem("All labels", None)
        for place, count in labels:
            self._label.addItem(self._words(place, count), place)
        self._choose(chosen)

    def _choose(self, place: int | str | None) -> None:
        """Choose a label, even one that no picture has."""
        row = 0 if place is None else self._label.findData(place)
        if row < 0:
            self._label.addItem(self._words(place or 0, 0), place)
            row = self._label.count() - 1
        self._label.setCurrentIndex(row)

    def _words(self, place: int | str, count: int) -> str:
        """Name a class, or all classes of a kind, with its pictures."""
        words = f"Any {place}" if isinstance(place, str) else label_words(place, self._names)
        return f"{words} ({count:,})"

    def _reset(self) -> None:
        parts: tuple[QWidget, ...] = (*self._edits, self._label, self._status, self._least, self._most)
        for part in parts:
            part.blockSignals(True)
        for edit in self._edits:
            edit.clear()
        self._label.setCurrentIndex(0)
        self._status.setCurrentIndex(0)
        self._least.setValue(0)
        self._most.setValue(100)
        for part in parts:
            part.blockSignals(False)
        self._typing.stop()
        self._filter = RowFilter()

    def _on_chosen(self) -> None:
        self._typing.stop()
        least, most = self._least.value(), self._most.value()
        status, chosen = self._status.currentData(), self._label.currentData()
        wanted = RowFilter(
            status=None if status == UNLIKE else status,
            unlike=status == UNLIKE,
            label=None if isinstance(chosen, str) else chosen,
            kind=chosen if isinstance(chosen, str) else None,
            text=self._text.text().strip(),
            least=least / 100 if least > 0 else _number(self._from),
            most=most / 100 if most < 100 else _number(self._to),
        )
        if wanted != self._filter:
            self._filter = wanted
            self.changed.emit(wanted)


def _number_edit(name: str) -> QLineEdit:
    """A field for the limit of an amount; empty for none."""
    result = QLineEdit()
    result.setPlaceholderText(name)
    result.setAccessibleName(f"{name} amount")
    result.setFixedWidth(_NUMBER)
    return result


def _number(edit: QLineEdit) -> float | None:
    """The limit in a field; none while it is not a number, which the field then shows."""
    text = edit.text().strip().replace(",", ".")
    try:
        value = float(text) if text else None
    except ValueError:
        value = math.nan
    wrong = value is not None and not math.isfinite(value)
    edit.setToolTip("Type a number, such as 12.5" if wrong else "")
    edit.setStyleSheet(f"color: {tokens_of(edit.palette()).danger};" if wrong else "")
    return None if wrong else value
