"""The list of files that are left out or doubtful, with a way to each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from desktop_app.core.images.sources import printable
from desktop_app.ui.common.picker import Picker
from desktop_app.ui.common.widgets import button, heading
from desktop_app.ui.training.class_table import dress, fit_height
from desktop_app.ui.training.problem_table import KINDS, ProblemRow, ProblemTable

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QKeyEvent

    from desktop_app.core.datasets.report import DatasetReport

_ROWS = 6


class _Table(QTableView):
    """A table whose rows open with Return wherever they open with a double click."""

    opened = Signal(QModelIndex)

    def __init__(self) -> None:
        super().__init__()
        self.doubleClicked.connect(self.opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class ProblemView(QWidget):
    """Filter, table and two buttons; hidden while there is nothing to list.

    Signals:
        said: A sentence for the status bar, and whether it tells of a failure.
    """

    said = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._model: ProblemTable | None = None
        self._kinds = Picker("Which files to list")
        self._kinds.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToContents)
        self._kinds.currentIndexChanged.connect(self._on_kind_chosen)
        self._table = _Table()
        dress(self._table, "Files that are left out or doubtful")
        self._table.setAlternatingRowColors(True)
        self._table.verticalHeader().setDefaultSectionSize(self._table.fontMetrics().height() + 12)
        self._table.opened.connect(self._on_row_opened)
        self._open = button("Open the file", "picture")
        self._open.clicked.connect(lambda: self._on_row_opened(self._table.currentIndex()))
        self._show = button("Show in its folder", "folder")
        self._show.clicked.connect(self._on_show_clicked)

        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(heading("Files to look at", factor=1.1), 1)
        top.addWidget(self._kinds)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self._open)
        bottom.addWidget(self._show)
        bottom.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._table)
        layout.addLayout(bottom)
        self.hide()

    def show_report(self, report: DatasetReport) -> None:
        """List what the doctor found."""
        old, self._model = self._model, ProblemTable(report)
        counts = self._model.counts
        self._kinds.blockSignals(True)
        self._kinds.clear()
        self._kinds.addItem(f"All ({sum(counts.values()):,})", None)
        for kind, words in KINDS.items():
            if kind in counts:
                self._kinds.addItem(f"{words} ({counts[kind]:,})", kind)
        self._kinds.blockSignals(False)
        self._kinds.setVisible(len(counts) > 1)
        self._table.horizontalHeader().setSortIndicator(
            -1, self._table.horizontalHeader().sortIndicatorOrder()
        )
        self._table.setModel(self._model)
        self._table.selectionModel().currentChanged.connect(self._show_buttons)
        if old is not None:
            old.deleteLater()
        header = self._table.horizontalHeader()
        # Never by contents: that would measure every one of perhaps 100,000 rows.
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.resizeSection(0, 24 * self.fontMetrics().averageCharWidth())
        header.resizeSection(1, self.fontMetrics().horizontalAdvance(max(KINDS.values(), key=len)) + 40)
        self._on_rows_changed()
        self.setVisible(bool(counts))

    def open_file(self, path: Path) -> None:
        """Open a file with the program that the system has for it, or show its folder."""
        if not (path.exists() and QDesktopServices.openUrl(_url(path))):
            self._show_folder(path)

    def _show_folder(self, path: Path) -> None:
        if not QDesktopServices.openUrl(_url(path.parent)):
            self.said.emit(f"The system cannot show {printable(str(path.parent))}.", True)

    def _current(self) -> ProblemRow | None:
        index = self._table.currentIndex()
        return self._model.row_at(index) if self._model is not None and index.isValid() else None

    def _on_row_opened(self, index: QModelIndex) -> None:
        if self._model is not None and index.isValid():
            self.open_file(self._model.row_at(index).path)

    def _on_show_clicked(self) -> None:
        row = self._current()
        if row is not None:
            self._show_folder(row.path)

    def _on_kind_chosen(self) -> None:
        if self._model is not None:
            self._model.show_kind(self._kinds.currentData())
            self._on_rows_changed()

    def _on_rows_changed(self) -> None:
        assert self._model is not None
        fit_height(self._table, self._model.rowCount(), _ROWS)
        self._show_buttons()

    def _show_buttons(self) -> None:
        for part in (self._open, self._show):
            part.setEnabled(self._current() is not None)


def _url(path: Path) -> QUrl:
    """A link to a path, also to one that is not valid Unicode."""
    return QUrl.fromEncoded(path.absolute().as_uri().encode())
