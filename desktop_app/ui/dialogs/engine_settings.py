"""Which engine classifies, and in which numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.widgets import label, line, vertical
from desktop_app.ui.dialogs.choices import choice, choice_row

if TYPE_CHECKING:
    from desktop_app.core.settings import Settings

_ENGINES = (("automatic", "Automatic"), ("tensorflow", "TensorFlow"))
_ENGINE_NOTE = (
    "Automatic uses a graphics card if TensorFlow can, and otherwise OpenVINO, which starts sooner and is "
    "faster on the processor. A model whose answers would differ is left to TensorFlow. Training always uses "
    "TensorFlow."
)
_PRECISIONS = (("automatic", "Automatic"), ("float32", "float32"))
_PRECISION_NOTE = (
    "Automatic takes bfloat16, which is faster, where the processor has it and a check has shown that the "
    "model's answers stay the same. float32 is the most exact."
)


class EngineSettings(QWidget):
    """Two choices, each with a sentence about what holds on this computer.

    Signals:
        chosen: Settings to change, as a dictionary from names to values.
    """

    chosen = Signal(object)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._engine = choice("Engine", _ENGINES, settings.engine)
        self._precision = choice("Precision", _PRECISIONS, settings.precision)
        self._engine_now = label(wrap=True)
        self._precision_now = label(wrap=True)
        self._engine.activated.connect(self._on_engine_activated)
        self._precision.activated.connect(
            lambda: self.chosen.emit({"precision": self._precision.currentData()})
        )
        layout = vertical(self, spacing=12)
        layout.addLayout(choice_row("Engine", self._engine))
        layout.addWidget(label(_ENGINE_NOTE, tone="muted", wrap=True))
        layout.addWidget(self._engine_now)
        layout.addWidget(line())
        layout.addLayout(choice_row("Precision", self._precision))
        layout.addWidget(label(_PRECISION_NOTE, tone="muted", wrap=True))
        layout.addWidget(self._precision_now)
        self._show_which_apply()

    def show_now(self, engine: str, precision: str) -> None:
        """Show what holds now on this computer: a sentence or two about each."""
        self._engine_now.setText(breakable(engine))
        self._precision_now.setText(breakable(precision))

    def _on_engine_activated(self) -> None:
        self._show_which_apply()
        self.chosen.emit({"engine": self._engine.currentData()})

    def _show_which_apply(self) -> None:
        """TensorFlow computes with the numbers of the training, whatever is wanted."""
        self._precision.setEnabled(self._engine.currentData() != "tensorflow")
