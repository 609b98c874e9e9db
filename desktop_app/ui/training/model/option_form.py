"""A group of hyper-parameters, one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.ui.common.controls.widgets import heading
from desktop_app.ui.training.model.option_row import OptionRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_app.core.training.settings.option import Option, Value


class OptionForm(QWidget):
    """A title, and a row for each option.

    Signals:
        values_changed: A value has changed.
    """

    values_changed = Signal()

    def __init__(self, title: str, options: Sequence[Option]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(0, 1)
        grid.addWidget(heading(title, factor=1.1), 0, 0, 1, 2)
        self._rows: dict[str, OptionRow] = {}
        for position, option in enumerate(options, start=1):
            row = OptionRow(option, self)
            row.value_changed.connect(self.values_changed)
            grid.addWidget(row.words, position, 0)
            grid.addWidget(row.editor, position, 1, Qt.AlignmentFlag.AlignVCenter)
            self._rows[option.key] = row
        grid.setRowStretch(len(options) + 1, 1)

    @property
    def values(self) -> dict[str, Value]:
        """The values by key."""
        return {key: row.value for key, row in self._rows.items()}

    @property
    def controls(self) -> list[QWidget]:
        """What the Tab key stops at, in its order."""
        return [control for row in self._rows.values() for control in row.controls]

    def row(self, key: str) -> OptionRow:
        """The row of an option."""
        return self._rows[key]

    def set_idle(self, reasons: Mapping[str, str]) -> None:
        """Disable the settings that have no effect now, for these reasons by key."""
        for key, row in self._rows.items():
            row.set_idle(reasons.get(key, ""))

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Show these values, as far as the form has them; `values_changed` is emitted once."""
        before = self.values
        self.blockSignals(True)
        for key, row in self._rows.items():
            if key in values:
                row.set_value(values[key])
        self.blockSignals(False)
        if self.values != before:
            self.values_changed.emit()
