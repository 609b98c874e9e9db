"""The toolbar above the plots: how the curves are shown, and saving them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.ui.common.controls.check_box import CheckBox
from desktop_app.ui.common.controls.slider import Slider
from desktop_app.ui.common.controls.widgets import button, horizontal, label

_STRONGEST = 99
_HINT = "To zoom in, drag over a part of a plot, or click into it and turn the wheel."


class CurveToolbar(QWidget):
    """Log scale, smoothing, the whole view, export.

    Signals:
        log_changed: Whether the loss is drawn on a logarithmic scale.
        smoothing_changed: Weight of earlier figures, 0 to 0.99.
        reset_requested: The user wants to see everything.
        picture_requested: The user wants to save the plots as shown.
        table_requested: The user wants to save all figures.
    """

    log_changed = Signal(bool)
    smoothing_changed = Signal(float)
    reset_requested = Signal()
    picture_requested = Signal()
    table_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._log = CheckBox("Log scale")
        self._log.setToolTip("Draw the loss on a logarithmic scale")
        self._log.toggled.connect(self.log_changed)
        self._smoothing = Slider("Smoothing")
        self._smoothing.setToolTip("Average over neighbours; the raw figures stay behind the curves")
        self._smoothing.setRange(0, _STRONGEST)
        self._smoothing.setSingleStep(5)
        self._smoothing.setMinimumWidth(64)
        self._smoothing.setMaximumWidth(160)
        self._smoothing.valueChanged.connect(self._on_smoothing_changed)
        self._weight = label("off", tone="muted")
        self._weight.setMinimumWidth(self._weight.fontMetrics().horizontalAdvance("0.00") + 4)
        words = label("Smoothing")
        words.setBuddy(self._smoothing)
        reset = button("Reset view", tip=f"Show everything (double click or Home in a plot). {_HINT}")
        reset.clicked.connect(self.reset_requested)
        export = button("Export", "export", tip="Save the curves")
        menu = QMenu(export)
        menu.addAction("Picture (PNG)…", self.picture_requested.emit)
        menu.addAction("Table (CSV)…", self.table_requested.emit)
        export.setMenu(menu)

        row = horizontal(self, spacing=8)
        row.addWidget(self._log)
        row.addSpacing(8)
        row.addWidget(words)
        row.addWidget(self._smoothing, 1)
        row.addWidget(self._weight)
        row.addStretch(1)
        row.addWidget(reset)
        row.addWidget(export)

    def begin(self) -> None:
        """Begin with another run: its figures are shown without smoothing."""
        self._smoothing.setValue(0)

    def _on_smoothing_changed(self, percent: int) -> None:
        self._weight.setText(f"{percent / 100:.2f}" if percent else "off")
        self.smoothing_changed.emit(percent / 100)
