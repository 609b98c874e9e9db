"""The dialog that chooses files and folders where the system has none of its own.

Folders are listed in a thread: Qt's dialog stops the window for seconds while it reads a large one.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QInputDialog, QLineEdit

from desktop_app.core.foundation.folder_listing import ListingWish
from desktop_app.core.foundation.text import breakable, counted, printable
from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.widgets import (
    button,
    horizontal,
    icon_button,
    label,
    set_tone,
    tooltip,
    vertical,
)
from desktop_app.ui.common.dialogs import confirm, within_screen
from desktop_app.ui.common.files.entry_table import EntryTable
from desktop_app.ui.common.files.filters import patterns_of, short_name, split_filters
from desktop_app.ui.common.files.path_edit import PathEdit
from desktop_app.ui.common.files.places import PlacesList, remember
from desktop_app.workers.threads.folder_lister import FolderLister

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QHBoxLayout, QWidget

    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.foundation.folder_listing import Entry, SortColumn

Mode = Literal["file", "files", "folder", "save"]
_VERBS: dict[Mode, str] = {"file": "Open", "files": "Open", "folder": "Choose", "save": "Save"}
_QUOTED = re.compile(r'"([^"]+)"')
_MOST_NAMED = 20
"""Selected files whose names stand in the field; of more, their number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be chosen.

    Attributes:
        mode: What: a file, files, a folder, or where to save a file.
        title: The title of the dialog.
        folder: The folder to begin in.
        name: The proposed name of a file to save.
        filters: The filters, joined by two semicolons.
    """

    mode: Mode
    title: str
    folder: Path
    name: str = ""
    filters: str = ""


class FileChooser(QDialog):
    """Path, places, table, name and filter.

    Attributes:
        paths: The chosen paths, once it is accepted.
    """

    def __init__(self, wanted: Wanted, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(wanted.title)
        self.paths: list[Path] = []
        self._wanted = wanted
        self._wish = ListingWish(wanted.folder, folders_only=wanted.mode == "folder")
        self._select_after = self._count = ""
        self._named: list[str] = []
        self._lister = FolderLister(self)
        self._path = PathEdit()
        self._places = PlacesList()
        self._table = EntryTable(several=wanted.mode == "files")
        self._says = label(tone="muted")
        self._name = QLineEdit(wanted.name)
        self._name.setAccessibleName("Name")
        self._filter = Picker("Kinds of file")
        for each in split_filters(wanted.filters):
            self._filter.addItem(short_name(each), each)
            self._filter.setItemData(self._filter.count() - 1, tooltip(each), Qt.ItemDataRole.ToolTipRole)
        self._accept = button(_VERBS[wanted.mode], look="primary")
        self._accept.setDefault(True)
        self._lay_out()
        self._connect()
        self._filter.setVisible(wanted.mode != "folder")
        self._table.setColumnHidden(1, wanted.mode == "folder")
        self._filter_by()
        self.resize(within_screen(self, 880, 560))
        (self._name if wanted.mode == "save" else self._table).setFocus()
        if wanted.mode == "save":
            self._name.setSelection(0, len(Path(wanted.name).stem))

    @property
    def chosen_filter(self) -> str:
        """The filter in use."""
        return str(self._filter.currentData())

    def go_to(self, folder: Path, select: str = "") -> None:
        """Show another folder, and select an entry in it."""
        self._select_after = select
        self._ask(replace(self._wish, folder=Path(os.path.normpath(folder))))

    def done(self, result: int) -> None:
        """End the thread with the dialog."""
        self.end()
        super().done(result)

    def end(self) -> None:
        """End the thread; the app may quit while the dialog is open."""
        self._lister.stop()

    def _lay_out(self) -> None:
        layout = vertical(self, spacing=8, margins=(16, 16, 16, 16))
        layout.addLayout(self._top_row())
        middle = horizontal(spacing=8)
        self._places.setFixedWidth(168)
        middle.addWidget(self._places)
        middle.addWidget(self._table, 1)
        layout.addLayout(middle, 1)
        layout.addWidget(self._says)
        row = horizontal(spacing=8)
        words = label("Name")
        words.setBuddy(self._name)
        row.addWidget(words)
        row.addWidget(self._name, 2)
        row.addWidget(self._filter, 1)
        for part in (words, self._name):
            part.setVisible(self._wanted.mode != "folder")
        layout.addLayout(row)
        bottom = horizontal(spacing=8)
        bottom.addStretch(1)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        bottom.addWidget(cancel)
        bottom.addWidget(self._accept)
        layout.addLayout(bottom)

    def _top_row(self) -> QHBoxLayout:
        row = horizontal(spacing=8)
        for name, icon, action in (
            ("Up (Alt+Up)", "chevron-up", self._go_up),
            ("Read again (F5)", "refresh", self._again),
        ):
            made = icon_button(name, icon)
            made.clicked.connect(action)
            row.addWidget(made)
        row.addWidget(self._path, 1)
        make = button("New folder…", "folder")
        make.clicked.connect(self._make_folder)
        make.setVisible(self._wanted.mode in {"save", "folder"})
        row.addWidget(make)
        return row

    def _connect(self) -> None:
        self._lister.named.connect(self._on_named)
        self._lister.listed.connect(self._on_listed)
        self._lister.failed.connect(self._on_failed)
        self._lister.completed.connect(self._path.propose)
        self._path.entered.connect(self._on_path_entered)
        self._path.completions_requested.connect(
            lambda typed: self._lister.ask_completions(typed, folders_only=self._wanted.mode == "folder")
        )
        self._places.chosen.connect(self.go_to)
        self._table.opened.connect(self._on_opened)
        self._table.up_requested.connect(self._go_up)
        self._table.path_begun.connect(self._path.begin)
        self._table.chosen_changed.connect(self._on_chosen_changed)
        self._table.entries.sort_requested.connect(self._on_sort_requested)
        self._filter.currentIndexChanged.connect(self._filter_by)
        self._accept.clicked.connect(self._finish)
        for keys, action in (
            ("Alt+Up", self._go_up),
            ("Alt+Home", lambda: self.go_to(Path.home())),
            ("Ctrl+L", self._path.begin),
            ("Ctrl+H", lambda: self._ask(replace(self._wish, hidden=not self._wish.hidden))),
            ("F5", self._again),
        ):
            QShortcut(QKeySequence(keys), self, action)

    # Listing

    def _ask(self, wish: ListingWish) -> None:
        if wish.folder != self._wish.folder:  # nothing of the other folder may be chosen meanwhile
            self._table.entries.show_entries(())
            self._named = []
            if self._wanted.mode != "save":
                self._name.clear()
        self._wish = wish
        self._path.setText(printable(str(wish.folder)))
        self._say("Reading the folder…")
        self._lister.ask(wish)

    def _again(self) -> None:
        self._ask(self._wish)

    def _filter_by(self) -> None:
        self._ask(replace(self._wish, patterns=patterns_of(self.chosen_filter)))

    def _on_sort_requested(self, column: SortColumn, descending: bool) -> None:
        if (column, descending) != (self._wish.sort, self._wish.descending):
            self._ask(replace(self._wish, sort=column, descending=descending))

    def _on_listed(self, wish: ListingWish, entries: Sequence[Entry]) -> None:
        if wish.sort == "name":
            self._table.entries.show_facts(entries)
        else:
            self._on_named(wish, entries)

    def _on_named(self, _wish: ListingWish, entries: Sequence[Entry]) -> None:
        self._table.entries.show_entries(entries)
        folders = sum(entry.is_folder for entry in entries)
        files = "" if self._wanted.mode == "folder" else f", {counted(len(entries) - folders, 'file')}"
        self._count = f"{counted(folders, 'folder')}{files}"
        self._say(self._count)
        if self._select_after:
            self._table.choose([self._select_after])
            self._select_after = ""
        elif entries:
            self._table.scrollToTop()

    def _on_failed(self, _wish: ListingWish, reason: Reason) -> None:
        self._table.entries.show_entries(())
        self._say(reason.sentence, wrong=True)

    def _say(self, words: str, *, wrong: bool = False) -> None:
        set_tone(self._says, "danger" if wrong else "muted")
        self._says.setText(breakable(words))

    # Moving

    def _go_up(self) -> None:
        folder = self._wish.folder
        if folder.parent != folder:
            self.go_to(folder.parent, folder.name)

    def _on_path_entered(self, typed: str) -> None:
        path = self._absolute(typed)
        if path.is_dir():
            self.go_to(path)
            self._table.setFocus()
        elif path.is_file() and self._wanted.mode in {"file", "files"}:
            self._take([path])
        else:
            self._say(f"There is no {printable(typed)}.", wrong=True)

    def _on_opened(self, entry: Entry) -> None:
        if entry.is_folder:
            self.go_to(self._wish.folder / entry.name)
        else:
            self._finish()

    def _make_folder(self) -> None:
        name, agreed = QInputDialog.getText(self, "New folder", "Name of the new folder")
        if not agreed or not name.strip():
            return
        try:
            self._absolute(name.strip()).mkdir()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "no such name is possible"
            self._say(f"The folder {printable(name)} cannot be made: {reason}.", wrong=True)
        else:
            self.go_to(self._absolute(name.strip()))

    def _absolute(self, typed: str) -> Path:
        """What was typed, below the folder that is shown unless it begins at the top or at home."""
        return Path(os.path.normpath(self._wish.folder / os.path.expanduser(typed)))  # noqa: PTH111

    # Choosing

    def _on_chosen_changed(self) -> None:
        files = [entry.name for entry in self._table.chosen() if not entry.is_folder]
        self._named = files
        self._say(self._count)
        if not files:
            if self._wanted.mode != "save" and not self._name.isModified():
                self._name.clear()
            return
        if len(files) > _MOST_NAMED:
            self._name.setText(counted(len(files), "file"))
        elif len(files) > 1:
            self._name.setText(" ".join(f'"{printable(name)}"' for name in files))
        else:
            self._name.setText(printable(files[0]))
        self._name.setModified(False)

    def _finish(self) -> None:
        """Take what is chosen, go into a folder, or say what is missing."""
        if self._wanted.mode == "folder" and self._path.isModified():
            folder = self._absolute(self._path.text())
            if folder.is_dir():
                self._take([folder])
            else:
                self._say(f"There is no {printable(self._path.text())}.", wrong=True)
        elif self._wanted.mode == "folder":
            chosen = self._table.chosen()
            folder = self._wish.folder
            self._take([folder / chosen[0].name if chosen else folder])
        elif self._wanted.mode == "save":
            self._save(self._name.text().strip())
        elif self._named and not self._name.isModified():
            self._take([self._wish.folder / name for name in self._named])
        else:
            self._open_typed(self._name.text().strip())

    def _open_typed(self, typed: str) -> None:
        chosen = self._table.chosen()
        if not typed and chosen:
            self.go_to(self._wish.folder / chosen[0].name)
            return
        names = _QUOTED.findall(typed) if self._wanted.mode == "files" else []
        paths = [self._absolute(name) for name in names or [typed]]
        missing = next((path for path in paths if not path.is_file()), None)
        if typed and len(paths) == 1 and paths[0].is_dir():
            self.go_to(paths[0])
            self._name.clear()
        elif not typed:
            self._say("Choose a file first.", wrong=True)
        elif missing is not None:
            self._say(f"There is no file {printable(missing.name)}.", wrong=True)
        else:
            self._take(paths)

    def _save(self, typed: str) -> None:
        path = self._absolute(typed)
        if not typed:
            self._say("Give the file a name first.", wrong=True)
        elif path.is_dir():
            self.go_to(path)
        elif not path.parent.is_dir():
            self._say(f"There is no folder {printable(str(path.parent))}.", wrong=True)
        elif not path.exists() or confirm(
            self, self._wanted.title, f"{printable(path.name)} already exists.", "Replace"
        ):
            self._take([path])

    def _take(self, paths: list[Path]) -> None:
        self.paths = paths
        remember(paths[0] if self._wanted.mode == "folder" else paths[0].parent)
        self.accept()
