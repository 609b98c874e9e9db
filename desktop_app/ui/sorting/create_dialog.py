"""The dialog that asks where to make the class folders, and whether to copy or to move."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QRadioButton

from desktop_app.core.foundation.text import breakable, counted, printable
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, vertical
from desktop_app.ui.common.dialogs import within_screen
from desktop_app.ui.common.files.file_dialog import FileDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.batch.filing.steps import How

_NOTES: dict[How, str] = {
    "copy": "The pictures stay where they are. Uses extra disk space.",
    "move": "The pictures leave their folders. Undo moves them back.",
}


class CreateDialog(QDialog):
    """Holds the choice of copy or move, and the folder.

    Args:
        folder: The unsorted folder.
        pictures: The number of sorted pictures.
        classes: The number of classes.
        unsorted: The number of pictures that are left out.
        parent: Qt's owner, if any.

    Signals:
        confirmed: The folder of the data set, and ``copy`` or ``move``.
    """

    confirmed = Signal(object, str)

    def __init__(
        self, folder: Path, pictures: int, classes: int, unsorted: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Create data set")
        self._folder = proposed_folder(folder)
        self._pictures = pictures
        self.copy = QRadioButton("Copy")
        self.move_files = QRadioButton("Move")
        self._note = label(tone="muted", wrap=True)
        self._place = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._warning = label(tone="warning", wrap=True)
        choose = button("Choose…", "folder")
        choose.setAccessibleName("Choose where to make the class folders")
        choose.clicked.connect(self._on_choose_clicked)
        self._ok = button("", look="primary")
        self._ok.setDefault(True)
        self._ok.clicked.connect(self._on_ok_clicked)
        hows = horizontal(spacing=24)
        hows.addWidget(self.copy)
        hows.addWidget(self.move_files)
        hows.addStretch(1)
        place = horizontal(spacing=8)
        place.addWidget(label("Into", tone="muted"))
        place.addWidget(self._place, 1)
        place.addWidget(choose)
        buttons = horizontal(spacing=8)
        buttons.addStretch(1)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        buttons.addWidget(cancel)
        buttons.addWidget(self._ok)
        left = f" {counted(unsorted, 'unsorted picture')} {_verb(unsorted)} left out." if unsorted else ""
        words = f"{counted(pictures, 'picture')} in {counted(classes, 'class', 'classes')}.{left}"
        layout = vertical(self, spacing=8, margins=(16, 16, 16, 16))
        layout.addWidget(heading("Create data set", factor=1.2))
        layout.addWidget(label(words, wrap=True))
        layout.addSpacing(4)
        layout.addLayout(hows)
        layout.addWidget(self._note)
        layout.addSpacing(4)
        layout.addLayout(place)
        layout.addWidget(self._warning)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.resize(within_screen(self, 520, 240))
        self.copy.toggled.connect(self._refresh)
        self.copy.setChecked(True)

    @property
    def how(self) -> How:
        """The chosen way."""
        return "copy" if self.copy.isChecked() else "move"

    def _on_choose_clicked(self) -> None:
        chosen = FileDialog.open_folder(self, "Choose a folder", str(self._folder.parent))
        if chosen:
            self._folder = Path(chosen).absolute()
            self._refresh()

    def _on_ok_clicked(self) -> None:
        self.accept()
        self.confirmed.emit(self._folder, self.how)

    def _refresh(self) -> None:
        self._note.setText(_NOTES[self.how])
        self._place.setText(printable(str(self._folder)))
        words = _warning(self._folder)
        self._warning.setText(breakable(words))
        self._warning.setVisible(bool(words))
        self._ok.setText(f"{'Copy' if self.how == 'copy' else 'Move'} {counted(self._pictures, 'picture')}")


def proposed_folder(folder: Path) -> Path:
    """A new folder beside the unsorted one."""
    folder = folder.absolute()
    number = 1
    while True:
        tail = f" {number}" if number > 1 else ""
        free = folder.with_name(f"{folder.name or 'Pictures'} sorted{tail}")
        if not free.exists():
            return free
        number += 1


def _warning(folder: Path) -> str:
    try:
        others = any(not each.name.startswith(".") for each in folder.iterdir())
    except OSError:
        return ""
    return "This folder is not empty: other folders in it will be classes too." if others else ""


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"
