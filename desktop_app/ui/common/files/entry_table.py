"""The table of a folder's files and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QItemSelection, QItemSelectionModel, QLocale, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFileIconProvider, QHeaderView, QTableView

from desktop_app.core.foundation.text import printable, readable_size
from desktop_app.ui.common.controls.page_table import dress
from desktop_app.ui.common.controls.table_model import TableModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QKeyEvent

    from desktop_app.core.foundation.folder_listing import Entry, SortColumn
    from desktop_app.ui.common.controls.table_model import Index

COLUMNS: tuple[SortColumn, ...] = ("name", "size", "modified")
_ROW_HEIGHT = 28
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_BEGINNINGS = {"/", "~"}


class EntryModel(TableModel):
    """Entries in the order in which they come.

    Signals:
        sort_requested: The column to sort by, and whether the largest comes first.
    """

    sort_requested = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__(("Name", "Size", "Modified"))
        self.entries: Sequence[Entry] = ()
        icons = QFileIconProvider()
        self._folder = icons.icon(QFileIconProvider.IconType.Folder)
        self._file = icons.icon(QFileIconProvider.IconType.File)

    def count(self) -> int:
        """The number of entries."""
        return len(self.entries)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def show_facts(self, entries: Sequence[Entry]) -> None:
        """Show the same entries with more about them; what is selected stays so."""
        self.entries = entries
        if entries:
            self.dataChanged.emit(self.index(0, 1), self.index(len(entries) - 1, len(COLUMNS) - 1))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The texts and the icon."""
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(entry, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._folder if entry.is_folder else self._file
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return f"{printable(entry.name)}, folder" if entry.is_folder else printable(entry.name)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask for another order; sorting happens where the folder is listed."""
        if 0 <= column < len(COLUMNS):
            self.sort_requested.emit(COLUMNS[column], order is Qt.SortOrder.DescendingOrder)

    @staticmethod
    def _text(entry: Entry, column: int) -> str:
        if column == 0:
            return printable(entry.name)
        if column == 1:
            return "" if entry.is_folder or not entry.modified else readable_size(entry.size)
        when = QDateTime.fromSecsSinceEpoch(int(entry.modified))
        return QLocale().toString(when, QLocale.FormatType.ShortFormat) if entry.modified else ""


class EntryTable(QTableView):
    """Opens with Return and a double click, goes up with Backspace, and finds what is typed.

    Signals:
        opened: The `Entry` to open.
        up_requested: The folder above is to be shown.
        path_begun: The first character of a path was typed.
        chosen_changed: Other rows are selected.
    """

    opened = Signal(object)
    up_requested = Signal()
    path_begun = Signal(str)
    chosen_changed = Signal()

    def __init__(self, *, several: bool) -> None:
        super().__init__()
        self.entries = EntryModel()
        self.setModel(self.entries)
        dress(self, "Files and folders")
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        if several:
            self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = self.horizontalHeader()
        # The header asks for each column whether all rows of it are selected: a second for 100,000 rows.
        header.setSelectionModel(QItemSelectionModel(self.entries, self))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 96), (2, 168)):
            self.setColumnWidth(column, width)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.entries.entries[index.row()]))
        self.selectionModel().selectionChanged.connect(self.chosen_changed)

    def chosen(self) -> list[Entry]:
        """The selected entries, from top to bottom; by ranges, since there may be very many."""
        selection = self.selectionModel().selection()
        parts = [selection.at(place) for place in range(selection.count())]
        ranges = sorted((part.top(), part.bottom()) for part in parts)
        entries = self.entries.entries
        return [entry for top, bottom in dict.fromkeys(ranges) for entry in entries[top : bottom + 1]]

    def choose(self, names: Iterable[str]) -> None:
        """Select the entries of these names, and show the first."""
        wanted = set(names)
        rows = [row for row, entry in enumerate(self.entries.entries) if entry.name in wanted]
        selection = QItemSelection()
        for row in rows:
            selection.select(self.entries.index(row, 0), self.entries.index(row, len(COLUMNS) - 1))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            first = self.entries.index(rows[0], 0)
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(first, QAbstractItemView.ScrollHint.PositionAtCenter)

    def keyboardSearch(self, search: str) -> None:
        """Go to the next entry that begins with what is typed; Qt's own way asks for each row's text."""
        entries, start = self.entries.entries, self.currentIndex().row()
        if not entries or not search:
            return
        wanted = search.casefold()
        first = max(start, 0) + (1 if len(search) == 1 else 0)
        for row in (*range(first, len(entries)), *range(min(first, len(entries)))):
            if entries[row].name.casefold().startswith(wanted):
                self.setCurrentIndex(self.entries.index(row, 0))
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row, or go up."""
        if event.key() in _ENTER and self.currentIndex().isValid():
            self.opened.emit(self.entries.entries[self.currentIndex().row()])
        elif event.key() == Qt.Key.Key_Backspace:
            self.up_requested.emit()
        elif event.text() in _BEGINNINGS:
            self.path_begun.emit(event.text())
        else:
            super().keyPressEvent(event)
