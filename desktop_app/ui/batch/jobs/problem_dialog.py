"""Files or folders that failed, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from desktop_app.core.foundation.text import printable
from desktop_app.ui.common.controls.page_table import dress
from desktop_app.ui.common.controls.table_model import Index, TableModel
from desktop_app.ui.common.controls.widgets import label, tooltip, vertical
from desktop_app.ui.common.dialogs import close_row, within_screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desktop_app.core.batch.filing.filing import FileProblem
    from desktop_app.core.batch.job.reader import FolderProblem

    _Problem = FileProblem | FolderProblem

_HEADERS = ("Path", "Reason")


class ProblemModel(TableModel):
    """Path and reason; the text of a row is made when it comes into view."""

    def __init__(self, problems: Sequence[_Problem]) -> None:
        super().__init__(_HEADERS)
        self._problems = problems

    def count(self) -> int:
        """How many there are."""
        return len(self._problems)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell; the tooltip has the whole row."""
        if not index.isValid():
            return None
        problem = self._problems[index.row()]
        path = printable(str(problem.path))
        if role == Qt.ItemDataRole.DisplayRole:
            return (path, problem.reason)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(f"{path}\n{problem.reason}")
        return None


class _ReasonDelegate(QStyledItemDelegate):
    """Elides long text at the end, and long paths in the middle."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideRight


class ProblemDialog(QDialog):
    """A sentence and a table."""

    def __init__(self, title: str, sentence: str, problems: Sequence[_Problem], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(within_screen(self, 760, 420))
        self.table = QTableView()
        dress(self.table, title)
        self.table.setSortingEnabled(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setModel(ProblemModel(problems))
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        header = self.table.horizontalHeader()
        header.setStretchLastSection(True)
        header.resizeSection(0, 280)
        self.table.setItemDelegateForColumn(1, _ReasonDelegate(self.table))
        layout = vertical(self, spacing=12, margins=(16, 16, 16, 16))
        layout.addWidget(label(sentence, wrap=True))
        layout.addWidget(self.table, 1)
        layout.addLayout(close_row(self))
