"""A preview of what filing would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QTreeView

from desktop_app.ui.batch.filing.plan_model import PlanModel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop_app.core.batch.filing.filing import Plan


class FilingPreview(QTreeView):
    """Folders with their numbers; they unfold to their first pictures, the renamed ones before the others."""

    def __init__(self) -> None:
        super().__init__()
        self._plan = PlanModel()
        self.setProperty("look", "table")
        self.setAccessibleName("Preview")
        self.setModel(self._plan)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.header().setSectionsMovable(False)
        self.header().setStretchLastSection(True)

    def show_plan(self, planned: Plan | None) -> None:
        """Show another plan, or none; a single folder is unfolded."""
        self._plan.show_plan(planned)
        if planned is not None and len(planned.folders) == 1:
            self.expand(self._plan.index(0, 0))

    def minimumSizeHint(self) -> QSize:
        """Some rows."""
        return QSize(200, 96)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give both columns the same width."""
        super().resizeEvent(event)
        self.header().resizeSection(0, self.viewport().width() // 2)
