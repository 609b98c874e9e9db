"""Shows which classes a model knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTableView

from desktop_app.ui.common.controls.widgets import label, vertical
from desktop_app.ui.common.dialogs import close_row, within_screen
from desktop_app.ui.library.class_table import ClassTable

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.library.card import ModelCard


class ClassListDialog(QDialog):
    """A filter and a table."""

    def __init__(self, card: ModelCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Classes of {card.name}")
        self.resize(within_screen(self, 480, 480))
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(ClassTable(card.classes))
        self._shown.setFilterKeyColumn(-1)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        wanted = QLineEdit(placeholderText="Filter by name or id", clearButtonEnabled=True)
        wanted.setAccessibleName("Filter by name or id")
        wanted.textChanged.connect(self._on_filter_changed)
        self._count = label(tone="muted")
        table = QTableView()
        table.setAccessibleName(self.windowTitle())
        table.setModel(self._shown)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
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
        self._count.setText(f"{self._shown.rowCount():,} of {total:,} classes")
