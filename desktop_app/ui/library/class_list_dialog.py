"""Shows which classes a model knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTableView

from desktop_app.core.networks.outputs import OUTPUT_NOUNS
from desktop_app.ui.common.controls.widgets import label, vertical
from desktop_app.ui.common.dialogs import close_row, within_screen
from desktop_app.ui.library.class_table import ClassTable

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.library.card import ModelCard

_NUMBER, _KINDS = 64, 176
"""Widths, in pixels, of the columns beside the name, where there are kinds too."""


class ClassListDialog(QDialog):
    """A filter and a table."""

    def __init__(self, card: ModelCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._noun = OUTPUT_NOUNS[card.task][1]
        self.setWindowTitle(f"{self._noun.capitalize()} of {card.name}")
        self._shown = QSortFilterProxyModel(self)
        classes = ClassTable(card.classes)
        self._shown.setSourceModel(classes)
        self.resize(within_screen(self, 600 if classes.has_kinds else 480, 480))
        self._shown.setFilterKeyColumn(-1)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        words = "Filter by name, id or kind" if classes.has_kinds else "Filter by name or id"
        wanted = QLineEdit(placeholderText=words, clearButtonEnabled=True)
        wanted.setAccessibleName(words)
        wanted.textChanged.connect(self._on_filter_changed)
        self._count = label(tone="muted")
        table = QTableView()
        table.setAccessibleName(self.windowTitle())
        table.setModel(self._shown)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setAlternatingRowColors(True)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        if classes.has_kinds:
            header.resizeSection(0, _NUMBER)
            header.resizeSection(3, _KINDS)
        layout = vertical(self, spacing=8, margins=(16, 16, 16, 16))
        layout.addWidget(wanted)
        layout.addWidget(table, 1)
        layout.addWidget(self._count)
        layout.addLayout(close_row(self))
        self._tell_count()

    def _on_filter_changed(self, text: str) -> None:
        self._shown.setFilterFixedString(text)
        self._tell_count()

    def _tell_count(self) -> None:
        total = self._shown.sourceModel().rowCount()
        self._count.setText(f"{self._shown.rowCount():,} of {total:,} {self._noun}")
