"""Changes from which probability on each label of a model is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout

from desktop_app.core.foundation.text import printable
from desktop_app.core.library.label_thresholds import thresholds_of
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.number_box import NumberBox
from desktop_app.ui.common.controls.slider import Slider
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, line
from desktop_app.ui.common.dialogs import FittedDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.library.card import ModelCard
    from desktop_app.workers.library.library import LibraryService

_WIDTH = 520
_NAME, _NUMBER = 160, 96
"""Widths of a name and of a number, in pixels."""
_STEPS = 1000
"""Positions of a slider: tenths of a percent."""
_MOST_ROWS = 200
"""Labels with sliders of their own; more are changed all at once, or by the command."""
_EXPLANATION = (
    "A label is right from its threshold on. A lower one finds more pictures, of which more are wrong. "
    "Pictures that were classified before keep the thresholds of then, in Batch as well."
)


class ThresholdsDialog(FittedDialog):
    """A slider and a number for all labels, and one for each; Save stays off until something differs."""

    def __init__(self, card: ModelCard, parent: QWidget | None = None) -> None:
        super().__init__("Thresholds", _WIDTH, parent)
        self._before = thresholds_of(card)
        self._values = list(self._before)
        self._rows: list[_Row] = []
        self._ok = button("Save", look="primary")
        self._ok.setDefault(True)
        self._ok.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._all = _Row(self._grid, 0, "All labels", self._before[0])
        self._all.slider.valueChanged.connect(lambda value: self._set_all(value / _STEPS))
        self._grid.addWidget(line(), 1, 0, 1, 3)
        for place, entry in enumerate(card.classes[:_MOST_ROWS]):
            row = _Row(self._grid, place + 2, entry.readable, self._before[place])
            row.slider.valueChanged.connect(lambda value, place=place: self._set(place, value / _STEPS))
            self._rows.append(row)
        self.column.addWidget(heading(f"Thresholds of {printable(card.name)}", factor=1.2, wrap=True))
        self.column.addWidget(label(_EXPLANATION, tone="muted", wrap=True))
        self.column.addSpacing(4)
        self.column.addLayout(self._grid)
        left_out = len(card.classes) - len(self._rows)
        if left_out:
            more = f"{left_out:,} more labels are not listed; 'sightline models set' changes them one by one."
            self.column.addWidget(label(more, tone="muted", wrap=True))
        self.column.addStretch(1)
        buttons = horizontal(spacing=8)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._ok)
        self.foot.addLayout(buttons)
        self._refresh()

    def thresholds(self) -> tuple[float, ...]:
        """The threshold of each label, 0..1."""
        return tuple(self._values)

    def set_threshold(self, place: int | None, value: float) -> None:
        """Move the slider of a label, or that of all of them, as the user does."""
        row = self._all if place is None else self._rows[place]
        row.slider.setValue(round(value * _STEPS))

    def _set_all(self, value: float) -> None:
        self._values = [value] * len(self._values)
        for row in self._rows:
            row.show(value)
        self._refresh()

    def _set(self, place: int, value: float) -> None:
        self._values[place] = value
        self._refresh()

    def _refresh(self) -> None:
        self._ok.setEnabled(tuple(self._values) != self._before)


class _Row:
    """A name, a slider and a number, which say the same."""

    def __init__(self, grid: QGridLayout, row: int, name: str, value: float) -> None:
        words = ElidedLabel(name)
        words.setFixedWidth(_NAME)
        self.slider = Slider(f"Threshold of {name}")
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // 20)
        self.slider.setSingleStep(_STEPS // 100)
        self.number = NumberBox(f"Threshold of {name} in percent", 0, 100, whole=False, unit="%", strict=True)
        self.show(value)
        self.slider.valueChanged.connect(self._on_moved)
        self.number.setKeyboardTracking(False)
        self.number.setMaximumWidth(_NUMBER)
        self.number.valueChanged.connect(self._on_typed)
        for column, widget in enumerate((words, self.slider, self.number)):
            grid.addWidget(widget, row, column)

    def show(self, value: float) -> None:
        """Show a threshold; nothing is reported."""
        self.slider.blockSignals(True)
        self.slider.setValue(round(value * _STEPS))
        self.slider.blockSignals(False)
        self.number.blockSignals(True)
        self.number.setValue(round(value * 100, 1))
        self.number.blockSignals(False)

    def _on_moved(self, value: int) -> None:
        self.number.blockSignals(True)
        self.number.setValue(round(100 * value / _STEPS, 1))
        self.number.blockSignals(False)

    def _on_typed(self, value: float) -> None:
        self.slider.setValue(round(value / 100 * _STEPS))


def change_thresholds(library: LibraryService, model_id: str, parent: QWidget) -> bool:
    """Ask for the thresholds of a model and set them; returns whether they change."""
    card = next((entry.card for entry in library.models() if entry.model_id == model_id), None)
    if card is None or card.task != "multi-label":
        return False
    dialog = ThresholdsDialog(card, parent)
    wanted = dialog.exec() == ThresholdsDialog.DialogCode.Accepted
    if wanted:
        library.set_thresholds(model_id, dialog.thresholds())
    dialog.deleteLater()
    return wanted
