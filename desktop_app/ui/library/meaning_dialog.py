"""Asks what a model's outputs are for when its file does not say: each meaning gives other answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QRadioButton

from desktop_app.core.foundation.text import counted, printable
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, vertical
from desktop_app.ui.common.dialogs import FittedDialog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

    from desktop_app.core.networks.outputs import Task
    from desktop_app.workers.library.library_worker import MeaningQuestion

_WIDTH = 520
_CHOICES: Mapping[Task, tuple[str, str]] = {
    "classification": (
        "One of several classes",
        "A picture shows one of them. The percentages of all classes sum to 100%.",
    ),
    "multi-label": (
        "Several labels at once",
        "Each label is right or not by itself. A picture may have several of them, or none.",
    ),
    "regression": ("Amounts", "Numbers such as a price or an age, shown as they are, with their units."),
    "embedding": (
        "Features",
        "Numbers that are alike for like pictures. The model finds similar pictures and names nothing.",
    ),
}


class MeaningDialog(FittedDialog):
    """A row for each plausible choice, the likeliest first; Continue stays off until one is chosen."""

    def __init__(self, question: MeaningQuestion, parent: QWidget | None = None) -> None:
        super().__init__("Meaning of the outputs", _WIDTH, parent)
        self._radios: dict[Task, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(self._on_toggled)
        self._ok = button("Continue", look="primary")
        self._ok.setDefault(True)
        self._ok.setEnabled(False)
        self._ok.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        name = printable(question.path.name)
        count = counted(question.outputs, "output")
        verb = "is" if question.outputs == 1 else "are"
        self.column.addWidget(heading(f"What {verb} the {count} of {name} for?", factor=1.2, wrap=True))
        says = f"Its file does not say. {question.seen}".strip()
        self.column.addWidget(label(says, wrap=True))
        for place, task in enumerate(question.tasks):
            self._add(task, likeliest=place == 0)
        self.column.addStretch(1)
        buttons = horizontal(spacing=8)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._ok)
        self.foot.addLayout(buttons)

    def chosen(self) -> Task | None:
        """The choice; None before there is one."""
        return next((task for task, radio in self._radios.items() if radio.isChecked()), None)

    def choose(self, task: Task) -> None:
        """Choose as a click does."""
        self._radios[task].setChecked(True)

    def _add(self, task: Task, *, likeliest: bool) -> None:
        words, details = _CHOICES[task]
        radio = QRadioButton(f"{words} (most likely)" if likeliest else words)
        radio.setAccessibleDescription(details)
        self._radios[task] = radio
        self._group.addButton(radio)
        row = vertical(spacing=0)
        row.addWidget(radio)
        note = label(details, tone="muted", wrap=True)
        note.setContentsMargins(24, 0, 0, 0)
        row.addWidget(note)
        self.column.addSpacing(4)
        self.column.addLayout(row)

    def _on_toggled(self) -> None:
        self._ok.setEnabled(self.chosen() is not None)
