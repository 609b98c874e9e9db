"""Preferences: every change takes effect at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.text import printable
from desktop_app.ui.common.controls.check_box import CheckBox
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, heading, label, line
from desktop_app.ui.common.dialogs import FittedDialog, close_row, confirm
from desktop_app.ui.common.folders import open_folder
from desktop_app.ui.common.style.theme import THEMES
from desktop_app.ui.dialogs.choices import choice, choice_row
from desktop_app.ui.dialogs.engine_settings import EngineSettings

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.settings import Settings

_FITS = (
    (None, "Automatic"),
    ("squash", "Squash the whole picture"),
    ("crop", "Crop to the centre"),
    ("both", "Both, averaged"),
)
_FIT_NOTE = (
    "Networks see a small square. Squashing shows all of the picture but changes its shape; "
    "cropping keeps the shape but loses the edges. Both together take twice as long."
)
_HOSTS_NOTE = (
    "Normally a link may only lead to the public internet, so that a web page cannot make Sightline "
    "call devices in your home or office. Allow this if your pictures lie on a server of your own."
)

_TRASH_QUESTION = "All removed models and training runs are deleted from the disk. This cannot be undone."


class PreferencesDialog(FittedDialog):
    """`settings_changed` carries the new `Settings`.

    Attributes:
        engine: The part about the engine; it shows what holds on this computer.
    """

    settings_changed = Signal(object)
    empty_trash_requested = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("Preferences", 560, parent)
        self._settings = settings
        self._theme = choice("Theme", THEMES, settings.theme)
        self._theme.activated.connect(lambda: self._change(theme=self._theme.currentData()))
        self._fit = choice("Image fit", _FITS, settings.fit)
        self._fit.activated.connect(lambda: self._change(fit=self._fit.currentData()))
        self._hosts = CheckBox("Allow links to local addresses")
        self._hosts.setChecked(settings.allow_private_hosts)
        self._hosts.toggled.connect(lambda checked: self._change(allow_private_hosts=checked))
        self.engine = EngineSettings(settings)
        self.engine.chosen.connect(lambda changes: self._change(**changes))

        layout = self.column
        layout.setSpacing(12)
        layout.addLayout(choice_row("Theme", self._theme))
        layout.addWidget(line())
        layout.addLayout(choice_row("Image fit", self._fit))
        layout.addWidget(label(_FIT_NOTE, tone="muted", wrap=True))
        layout.addWidget(line())
        layout.addWidget(self.engine)
        layout.addWidget(line())
        layout.addWidget(self._hosts)
        layout.addWidget(label(_HOSTS_NOTE, tone="muted", wrap=True))
        layout.addWidget(line())
        layout.addWidget(heading("Where files are kept", factor=1.0))
        layout.addLayout(self._folders())
        layout.addStretch(1)
        self.foot.addLayout(close_row(self))

    def _folders(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        folders: tuple[tuple[str, Path], ...] = (
            ("Models", paths.library()),
            ("Trash", paths.trash()),
            ("Training runs", paths.runs()),
            ("Logs", paths.logs()),
        )
        for row, (word, folder) in enumerate(folders):
            grid.addWidget(label(word, tone="muted"), row, 0)
            grid.addWidget(ElidedLabel(printable(str(folder))), row, 1)
            show = button("Open")
            show.setAccessibleName(f"Open the folder: {word}")
            show.clicked.connect(lambda _checked=False, folder=folder: open_folder(folder))
            grid.addWidget(show, row, 2)
        empty = button("Empty trash…", "trash")
        empty.clicked.connect(self._on_empty_clicked)
        grid.addWidget(empty, len(folders), 1, 1, 2, Qt.AlignmentFlag.AlignRight)
        return grid

    def _on_empty_clicked(self) -> None:
        if confirm(self, "Empty trash", _TRASH_QUESTION, "Delete permanently"):
            self.empty_trash_requested.emit()

    def _change(self, **update: object) -> None:
        self._settings = self._settings.changed(**update)
        self.settings_changed.emit(self._settings)
