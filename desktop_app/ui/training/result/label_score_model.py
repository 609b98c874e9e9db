"""How well each label is found, as a table model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, Qt

from desktop_app.core.foundation.text import counted, natural_key, percent
from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_app.core.training.task.multi_label_evaluation import LabelScore
    from desktop_app.ui.common.controls.table_model import Index

SHARE_ROLE = Qt.ItemDataRole.UserRole
"""Role of the share that a cell shows, 0..1; None where it is not defined, or the cell shows no share."""
LABEL_ROLE = Qt.ItemDataRole.UserRole + 1
"""Role of the label's index in the evaluation."""


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    tip: str
    text: Callable[[LabelScore], str]
    key: Callable[[LabelScore], Any]
    share: Callable[[LabelScore], float | None] | None = None


def _share(title: str, tip: str, name: str) -> _Column:
    def share(score: LabelScore) -> float | None:
        value: float | None = getattr(score, name)
        return value

    def text(score: LabelScore) -> str:
        value = share(score)
        return "-" if value is None else percent(value)

    def key(score: LabelScore) -> float:
        value = share(score)
        return -1.0 if value is None else value

    return _Column(title, tip, text, key, share)


COLUMNS = (
    _Column("Label", "", lambda score: score.name, lambda score: natural_key(score.name)),
    _Column(
        "Pictures",
        "Pictures that have the label",
        lambda score: f"{score.pictures:,}",
        lambda score: score.pictures,
    ),
    _share("Precision", "Share of the pictures with this answer that have the label", "precision"),
    _share("Recall", "Share of the pictures with the label that are found", "recall"),
    _share("F1", "Harmonic mean of precision and recall", "f1"),
    _share(
        "AP",
        "Average precision: how well the pictures with the label come first, whatever the threshold",
        "average_precision",
    ),
    _Column(
        "Threshold",
        "Probability from which on the model gives the label",
        lambda score: f"{score.threshold:.2f}",
        lambda score: score.threshold,
    ),
)
PICTURES_COLUMN, F1_COLUMN = 1, 4
"""Positions of these columns."""


class LabelScoreModel(QAbstractTableModel):
    """One row for each label; another threshold changes precision, recall and F1."""

    def __init__(self) -> None:
        super().__init__()
        self._scores: list[LabelScore] = []
        self._order: list[int] = []

    def show_scores(self, scores: Sequence[LabelScore]) -> None:
        """Show other labels, in their own order."""
        self.beginResetModel()
        self._scores = list(scores)
        self._order = list(range(len(self._scores)))
        self.endResetModel()

    def score(self, label: int) -> LabelScore:
        """The figures of a label, as they are shown."""
        return self._scores[label]

    def set_threshold(self, label: int, threshold: float) -> None:
        """Show the figures of a label at another threshold."""
        self._scores[label] = self._scores[label].at(threshold)
        row = self._order.index(label)
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """One row for each label."""
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def columnCount(self, parent: Index | None = None) -> int:
        """Always the same."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Data for the view, the delegate and a screen reader."""
        if not index.isValid():
            return None
        label = self._order[index.row()]
        score, column = self._scores[label], COLUMNS[index.column()]
        answer: object = None
        if role == Qt.ItemDataRole.DisplayRole:
            answer = column.text(score)
        elif role == Qt.ItemDataRole.TextAlignmentRole:
            answer = _alignment(index.column())
        elif role == Qt.ItemDataRole.ToolTipRole:
            answer = tooltip(told(score))
        elif role == Qt.ItemDataRole.AccessibleTextRole:
            answer = f"{column.title}: {column.text(score)}"
        elif role == SHARE_ROLE:
            answer = column.share(score) if column.share is not None else None
        elif role == LABEL_ROLE:
            answer = label
        return answer

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings, above their cells."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return (COLUMNS[section].tip or None) if role == Qt.ItemDataRole.ToolTipRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the labels by a column."""
        self.layoutAboutToBeChanged.emit()
        if column < 0:
            self._order = list(range(len(self._scores)))
        else:
            key = COLUMNS[column].key
            descending = order is Qt.SortOrder.DescendingOrder
            self._order.sort(key=lambda label: key(self._scores[label]), reverse=descending)
        self.layoutChanged.emit()


def told(score: LabelScore) -> str:
    """The counts behind the figures: "23 of 26 pictures found, 2 others get it"."""
    of = counted(score.pictures, "picture")
    others = counted(score.wrong, "other gets it", "others get it")
    return f"{score.name}: {score.found:,} of {of} found, {others} wrongly"


def _alignment(column: int) -> int:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
