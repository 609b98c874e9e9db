"""About: version, privacy, and what the app is built on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout

import desktop_app
from desktop_app.core.foundation.build_info import build_info
from desktop_app.core.installation.versions import versions
from desktop_app.ui.common.controls.widgets import button, heading, label, line
from desktop_app.ui.common.dialogs import FittedDialog, close_row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_PRIVACY = (
    "Your pictures stay on this computer. Sightline connects to the internet only when you ask it to: to "
    "open a link that you gave it, to download a model, or to ask for a newer version."
)
_LICENCES = {
    "Qt for Python": "LGPL-3.0",
    "TensorFlow": "Apache-2.0",
    "Keras": "Apache-2.0",
    "OpenVINO": "Apache-2.0",
    "NumPy": "BSD-3-Clause",
    "Pillow": "MIT-CMU",
    "pillow-heif": "BSD-3-Clause, with x265: GPL-2.0",
    "pydantic": "MIT",
}
"""Licences of the components named here; the others are in the list of licences."""


class AboutDialog(FittedDialog):
    """Sightline's licence is MIT; each component has its own.

    Signals:
        licences_requested: The user wants to read them.
    """

    licences_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("About Sightline", 440, parent)
        layout = self.column
        layout.addWidget(heading("Sightline", factor=1.6))
        layout.addWidget(label(f"Version {desktop_app.__version__} · MIT licence", tone="muted"))
        layout.addWidget(label(f"Build: {build_info().sentence}", tone="muted", wrap=True))
        layout.addWidget(label("Drop a picture, read what it is.", wrap=True))
        layout.addWidget(label(_PRIVACY, wrap=True))
        layout.addSpacing(8)
        layout.addWidget(line())
        layout.addSpacing(8)
        layout.addWidget(heading("Built on", factor=1.0))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        installed = versions()
        for row, (name, licence) in enumerate(_LICENCES.items()):
            grid.addWidget(label(name), row, 0)
            grid.addWidget(label(installed[name], tone="muted"), row, 1)
            grid.addWidget(label(licence, tone="muted"), row, 2, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(grid)
        layout.addStretch(1)
        licences = button("All components and their licences…")
        licences.clicked.connect(self.licences_requested)
        self.foot.addLayout(close_row(self, licences))
