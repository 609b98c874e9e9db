"""A preference that is one of a few: its name on the left, a list on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.widgets import heading

if TYPE_CHECKING:
    from collections.abc import Sequence


def choice(name: str, entries: Sequence[tuple[str | None, str]], current: str | None) -> Picker:
    """Make the list.

    Args:
        name: What it chooses, for screen readers.
        entries: The values, each with its text.
        current: The value that is chosen.
    """
    result = Picker(name)
    for value, text in entries:
        result.addItem(text, value)
    result.setCurrentIndex([value for value, _ in entries].index(current))
    return result


def choice_row(word: str, control: QWidget) -> QHBoxLayout:
    """Lay out a name and its control."""
    name = heading(word, factor=1.0)
    name.setBuddy(control)
    row = QHBoxLayout()
    row.addWidget(name)
    row.addStretch(1)
    row.addWidget(control)
    return row
