"""What the Runs pane shows before the first training."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.controls.icon_view import IconView
from desktop_app.ui.common.controls.widgets import button, heading, label, vertical


class EmptyRuns(QWidget):
    """One line, and a button to the Train pane."""

    train_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        line = heading("No training yet", factor=1.4)
        explanation = label(
            "Every training is kept here with its curves: compare and resume runs, and use their models.",
            tone="muted",
            wrap=True,
        )
        explanation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        train = button("Train a model", "train", look="primary")
        train.clicked.connect(self.train_requested)
        layout = vertical(self, spacing=16, margins=(16, 16, 16, 16))
        layout.addStretch(1)
        layout.addWidget(IconView("runs", 56, "accent"), 0, centre)
        layout.addWidget(line, 0, centre)
        layout.addWidget(explanation)
        layout.addWidget(train, 0, centre)
        layout.addStretch(1)
