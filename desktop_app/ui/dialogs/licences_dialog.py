"""The licences of Sightline's components: a list with a filter, and the texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, Qt, QTimer
from PySide6.QtGui import QFontDatabase, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop_app.core.foundation.text import counted
from desktop_app.ui.common.controls.widgets import label, set_tone, vertical
from desktop_app.ui.common.dialogs import close_row, within_screen
from desktop_app.ui.dialogs.part_table import SEARCHED, PartTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.installation.licences import Component
    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.workers.application.about import AboutService

_COLUMNS = 84
"""Characters in a line of the longest licences, and some more."""
_PIECE = 50_000
"""Characters that are shown at once: TensorFlow's notices are ten times as many."""


class LicencesDialog(QDialog):
    """Opens at once; the list and each text are read in the background.

    Args:
        service: The service that reads them.
        parent: Qt's owner, if any.
    """

    def __init__(self, service: AboutService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Licences")
        self.setMinimumSize(480, 320)
        self._service = service
        self._parts = PartTable()
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self._parts)
        self._shown.setFilterRole(SEARCHED)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._filter = QLineEdit(placeholderText="Filter by name or licence", clearButtonEnabled=True)
        self._filter.setAccessibleName("Filter by name or licence")
        self._filter.textChanged.connect(self._on_filter_changed)
        self._table = self._make_table()
        self._count = label("Reading…", tone="muted", wrap=True)
        self._text = QPlainTextEdit(readOnly=True)
        self._text.setAccessibleName("Text of the licence")
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setTabChangesFocus(True)
        self._rest = ""
        self._more = QTimer(self, interval=0)
        self._more.timeout.connect(self._on_more)
        self._lay_out()
        service.licences_listed.connect(self._on_listed)
        service.licences_failed.connect(self._on_failed)
        service.licence_read.connect(self._on_read)
        service.list_licences()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setAccessibleName("Components of Sightline")
        table.setModel(self._shown)
        table.setItemDelegate(_WholeRows(table))
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        table.selectionModel().currentRowChanged.connect(self._on_current_changed)
        return table

    def _lay_out(self) -> None:
        left = QWidget()
        column = vertical(left, spacing=8)
        column.addWidget(self._filter)
        column.addWidget(self._table, 1)
        column.addWidget(self._count)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(8)
        splitter.addWidget(left)
        splitter.addWidget(self._text)
        left.setMinimumWidth(180)
        self._text.setMinimumWidth(200)
        columns = self._text.fontMetrics().horizontalAdvance("0" * _COLUMNS)
        splitter.setStretchFactor(1, 1)
        layout = vertical(self, spacing=16, margins=(16, 16, 16, 16))
        layout.addWidget(splitter, 1)
        layout.addLayout(close_row(self))
        size = within_screen(self, 320 + columns, 600)
        self.resize(size)
        narrow = min(260, size.width() * 36 // 100)
        splitter.setSizes([narrow, size.width() - narrow])

    # Reports of the service

    def _on_listed(self, parts: Sequence[Component]) -> None:
        self._parts.show(parts)
        self._tell_count()
        self._table.selectRow(0)

    def _on_failed(self, reason: Reason) -> None:
        self._count.setText(reason.sentence)
        set_tone(self._count, "danger")

    def _on_read(self, component: Component, text: str) -> None:
        if component is self._current():
            self._show_text(text)

    # Actions of the user

    def _on_filter_changed(self, text: str) -> None:
        self._shown.setFilterFixedString(text)
        self._tell_count()
        if self._current() is None:
            self._table.selectRow(0)

    def _on_current_changed(self, *_: object) -> None:
        current = self._current()
        if current is None:
            self._show_text("")
        else:
            self._service.read_licence(current)

    def _show_text(self, text: str) -> None:
        self._text.setPlainText(text[:_PIECE])
        self._rest = text[_PIECE:]
        if self._rest:
            self._more.start()

    def _on_more(self) -> None:
        end = QTextCursor(self._text.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertText(self._rest[:_PIECE])
        self._rest = self._rest[_PIECE:]
        if not self._rest:
            self._more.stop()

    def _current(self) -> Component | None:
        index = self._shown.mapToSource(self._table.currentIndex())
        return self._parts.part(index.row()) if index.isValid() else None

    def _tell_count(self) -> None:
        total = self._parts.rowCount()
        shown = self._shown.rowCount()
        self._count.setText(
            counted(total, "part") if shown == total else f"{shown:,} of {counted(total, 'component')}"
        )


class _WholeRows(QStyledItemDelegate):
    """Marks the chosen row instead of the current cell."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus
