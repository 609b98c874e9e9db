"""About: version, privacy, and what the app is built on."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

import desktop_app
from desktop_app.ui.common.dialogs import FittedDialog, close_row
from desktop_app.ui.common.widgets import heading, label, line

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_PRIVACY = (
    "Your pictures stay on this computer. Sightline connects to the internet only when you ask it to: to "
    "open a link that you gave it, or to download a model."
)
_PARTS = (
    ("Qt for Python", "PySide6-Essentials", "LGPL-3.0"),
    ("TensorFlow", "tensorflow", "Apache-2.0"),
    ("Keras", "keras", "Apache-2.0"),
    ("NumPy", "numpy", "BSD-3-Clause"),
    ("Pillow", "pillow", "MIT-CMU"),
    ("pillow-heif", "pillow-heif", "BSD-3-Clause"),
    ("pydantic", "pydantic", "MIT"),
    ("Requests", "requests", "Apache-2.0"),
)


class AboutDialog(FittedDialog):
    """Sightline's own licence is MIT; each part has its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(440, parent)
        self.setWindowTitle("About Sightline")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        layout.addWidget(heading("Sightline", factor=1.6))
        layout.addWidget(label(f"Version {desktop_app.__version__} · MIT licence", tone="muted"))
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
        for row, (name, package, licence) in enumerate(_PARTS):
            grid.addWidget(label(name), row, 0)
            grid.addWidget(label(_version(package), tone="muted"), row, 1)
            grid.addWidget(label(licence, tone="muted"), row, 2, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(grid)
        layout.addStretch(1)
        layout.addSpacing(8)
        layout.addLayout(close_row(self))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # a frozen build may leave the metadata out
        return ""
