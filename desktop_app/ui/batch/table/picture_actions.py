"""The actions for the selected pictures of the table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from desktop_app.core.foundation.text import printable
from desktop_app.ui.batch.table.row_gatherer import RowGatherer
from desktop_app.ui.batch.table.row_store import MOST_ASKED
from desktop_app.ui.common.folders import open_folder
from desktop_app.ui.common.similar_action import SHOW_SIMILAR
from desktop_app.ui.common.style.icons import set_icon

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QPoint

    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.batch.job.rows import Row
    from desktop_app.core.networks.outputs import Task
    from desktop_app.ui.batch.table.picture_table import PictureTable

_FILING: tuple[tuple[str, How], ...] = (
    ("Copy into folders by label…", "copy"),
    ("Move into folders by label…", "move"),
    ("Link into folders by label…", "link"),
)


class PictureActions(QObject):
    """The table's menu and keys.

    Signals:
        classify_requested: The paths of pictures to show in the Classify pane.
        filing_requested: The way to file the selected pictures.
        export_requested: The user wants all results in a file.
        similar_requested: The path of a picture whose like the user wants to see.
        said: A sentence for the status bar, and whether it reports a failure.
    """

    classify_requested = Signal(object)
    filing_requested = Signal(str)
    export_requested = Signal()
    similar_requested = Signal(object)
    said = Signal(str, bool)

    def __init__(self, table: PictureTable) -> None:
        super().__init__(table)
        self._table = table
        self._gatherer = RowGatherer(table.rows)
        self._menu = QMenu(table)
        self.classify = self._action("Classify", "classify", self._classify)
        self.show_file = self._action("Show in file manager", "folder", self._show_file)
        self.copy_path = self._action("Copy path", "copy", self._copy_paths)
        self.similar = self._action(SHOW_SIMILAR, "pictures", self._show_similar)
        self._menu.addSeparator()
        self._filing = {
            how: self._action(words, "", partial(self.filing_requested.emit, how)) for words, how in _FILING
        }
        self._menu.addSeparator()
        self._action("Export all results…", "export", self.export_requested.emit)
        table.open_requested.connect(self._classify)
        table.copy_requested.connect(self._copy_paths)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._on_menu_requested)

    def show_task(self, task: Task) -> None:
        """Offer the ways to sort into folders that a job's model allows."""
        for how, action in self._filing.items():
            action.setVisible(task == "classification" or (task == "multi-label" and how != "move"))

    def forget(self) -> None:
        """Drop the pending action: another job is shown."""
        self._gatherer.forget()

    def _action(self, text: str, icon: str, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self._menu)
        if icon:
            set_icon(action, icon)
        action.triggered.connect(lambda _checked=False: slot())
        self._menu.addAction(action)
        return action

    def _on_menu_requested(self, place: QPoint) -> None:
        count = len(self._table.selected())
        if count:
            self.show_file.setEnabled(count == 1)
            self.similar.setEnabled(count == 1)
            self.copy_path.setText("Copy path" if count == 1 else f"Copy {count:,} paths")
            self._menu.popup(self._table.viewport().mapToGlobal(place))

    def _classify(self) -> None:
        self._with_files("Classify shows", self.classify_requested.emit)

    def _show_similar(self) -> None:
        row = self._table.current_row()
        if row is not None:
            self.similar_requested.emit(self._table.file_of(row))

    def _copy_paths(self) -> None:
        self._with_files("The clipboard takes", self._copy)

    def _copy(self, files: list[Path]) -> None:
        QGuiApplication.clipboard().setText("\n".join(str(file) for file in files))
        self.said.emit("Copied the path." if len(files) == 1 else f"Copied {len(files):,} paths.", False)

    def _show_file(self) -> None:
        row = self._table.current_row()
        if row is None:
            return
        folder = self._table.file_of(row).parent
        name = printable(str(folder))
        if not folder.is_dir():
            self.said.emit(f"{name} is no longer there.", True)
        elif not open_folder(folder):
            self.said.emit(f"No file manager opened {name}.", True)
        else:
            self.said.emit(f"Opening {name}.", False)

    def _with_files(self, who: str, then: Callable[[list[Path]], object]) -> None:
        """Act on the selected files; their rows may have to be read first."""
        numbers = self._table.selected()
        if len(numbers) > MOST_ASKED:
            fewer = f"select fewer than {len(numbers):,} pictures."
            self.said.emit(f"{who} up to {MOST_ASKED} pictures at a time: {fewer}", True)
            return

        def go_on(rows: list[Row]) -> None:
            then([self._table.file_of(row) for row in rows])

        if len(numbers):
            self._gatherer.gather(numbers.tolist(), go_on)
