"""The list of files that are skipped or doubtful, with a way to open each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.core.foundation.text import breakable, printable
from desktop_app.ui.common.controls.page_table import PageTable
from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, vertical
from desktop_app.ui.common.file_opening import open_file, show_in_folder
from desktop_app.ui.common.similar_action import add_similar_action
from desktop_app.ui.training.data.problem_table import HEADERS, KINDS, ProblemRow, ProblemTable

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QResizeEvent

    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.ui.common.controls.table_model import Index

_ROWS = 6
_FILE_SHARE = 0.4
"""Share of the width that the kind leaves."""


class _MiddleElided(QStyledItemDelegate):
    """Shows the beginning and the end of a path: its class, and the name of the file."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Elide the middle of what is too long."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle


class _Table(PageTable):
    """Shares its width among the columns; a narrow one hides the kind, by which the picker filters."""

    def __init__(self) -> None:
        super().__init__("Files that need attention", _ROWS)
        self.setAlternatingRowColors(True)
        self.setItemDelegateForColumn(0, _MiddleElided(self))
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the new width."""
        super().resizeEvent(event)
        self.share_width()

    def share_width(self) -> None:
        """Set the widths without measuring the contents, which may be 100,000 rows."""
        header = self.horizontalHeader()
        if header.count() < len(HEADERS):
            return
        metrics = self.fontMetrics()
        room = self.viewport().width()
        kind = max(metrics.horizontalAdvance(words) for words in KINDS.values()) + 32
        narrow = room < 5 * kind
        header.setSectionHidden(1, narrow)
        room -= 0 if narrow else kind
        file = round(_FILE_SHARE * room)
        for column, width in enumerate((file, kind, room - file)):
            header.resizeSection(column, width)


class ProblemView(QWidget):
    """Filter, table and two buttons; hidden while there is nothing to list.

    Signals:
        said: Sentence for the status bar, and whether it reports a failure.
        similar_requested: Path of a picture whose like the user wants to see.
    """

    said = Signal(str, bool)
    similar_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._model: ProblemTable | None = None
        self._kinds = Picker("Which files to list")
        self._kinds.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToContents)
        self._kinds.currentIndexChanged.connect(self._on_kind_chosen)
        self._all = button("", look="inline")
        self._all.setCheckable(True)
        self._all.toggled.connect(self._on_all_toggled)
        self._all.hide()
        self._table = _Table()
        self._table.opened.connect(self._on_row_opened)
        add_similar_action(self._table, self._current_path, self.similar_requested.emit)
        self._detail = label(tone="muted", wrap=True)
        self._open = button("Open the file", "picture")
        self._open.clicked.connect(lambda: self._on_row_opened(self._table.currentIndex()))
        self._show = button("Show in its folder", "folder")
        self._show.clicked.connect(self._on_show_clicked)

        top = horizontal(spacing=8)
        top.addWidget(heading("Needs attention", factor=1.1), 1)
        top.addWidget(self._all)
        top.addWidget(self._kinds)
        bottom = horizontal(spacing=8)
        bottom.addWidget(self._open)
        bottom.addWidget(self._show)
        bottom.addStretch(1)
        layout = vertical(self, spacing=8)
        layout.addLayout(top)
        layout.addWidget(self._table)
        layout.addWidget(self._detail)
        layout.addLayout(bottom)
        self.hide()

    def show_report(self, report: DatasetReport) -> None:
        """List the skipped and doubtful files of a data set."""
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
        self._table.selectionModel().currentChanged.connect(self._show_current)
        if old is not None:
            old.deleteLater()
        self._all.blockSignals(True)
        self._all.setChecked(False)
        self._all.blockSignals(False)
        self._all.setVisible(self._model.folded > 0)
        self._name_all()
        self._table.share_width()
        self._on_rows_changed()
        self.setVisible(bool(counts))

    def open_file(self, path: Path) -> None:
        """Open a file with the system's program for it, or show its folder."""
        self._tell(open_file(path))

    def _tell(self, failure: str) -> None:
        if failure:
            self.said.emit(failure, True)

    def _current(self) -> ProblemRow | None:
        index = self._table.currentIndex()
        return self._model.row_at(index) if self._model is not None and index.isValid() else None

    def _current_path(self) -> Path | None:
        row = self._current()
        return row.path if row is not None else None

    def _on_row_opened(self, index: QModelIndex) -> None:
        if self._model is not None and index.isValid():
            self.open_file(self._model.row_at(index).path)

    def _on_show_clicked(self) -> None:
        row = self._current()
        if row is not None:
            self._tell(show_in_folder(row.path))

    def _on_kind_chosen(self) -> None:
        if self._model is not None:
            self._model.show_kind(self._kinds.currentData())
            self._on_rows_changed()

    def _on_all_toggled(self, whole: bool) -> None:
        if self._model is not None:
            self._model.show_all(whole)
            self._name_all()
            self._on_rows_changed()

    def _name_all(self) -> None:
        assert self._model is not None
        folded = f"Show all {sum(self._model.counts.values()):,} files"
        self._all.setText("Show one file per reason" if self._all.isChecked() else folded)

    def _on_rows_changed(self) -> None:
        assert self._model is not None
        self._table.fit_height()
        self._show_current()

    def _show_current(self) -> None:
        """Show the whole text of the current row, however narrow the columns are."""
        row = self._current()
        for part in (self._open, self._show):
            part.setEnabled(row is not None)
        self._detail.setVisible(row is not None)
        if row is not None:
            self._detail.setText(breakable(f"{printable(str(row.path))}\n{row.reason.sentence}"))
