"""The table of labels, with a bar below each share."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate

from desktop_app.ui.common.controls.page_table import PageTable
from desktop_app.ui.common.style.tokens import tokens_of
from desktop_app.ui.training.result.label_score_model import (
    F1_COLUMN,
    LABEL_ROLE,
    PICTURES_COLUMN,
    SHARE_ROLE,
    LabelScoreModel,
)

if TYPE_CHECKING:
    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from desktop_app.ui.common.controls.table_model import Index

_ROWS = 8
"""Most rows that are visible at once."""
_BAR, _BELOW, _SIDE = 3, 3, 8
_FAINT = 0.35
_LEAST_NAME = 96
_FIRST_TO_GO = (F1_COLUMN, PICTURES_COLUMN)
"""Columns that are hidden where there is no room: the others say the same, or the tip does."""


class LabelScoreTable(PageTable):
    """A row for each label; the names have what the figures leave.

    Signals:
        label_chosen: Index of the label of the current row; None without one.
    """

    label_chosen = Signal(object)

    def __init__(self, model: LabelScoreModel) -> None:
        super().__init__("Labels", _ROWS)
        self.setModel(model)
        self._delegate = _ShareDelegate(self)
        self.setItemDelegate(self._delegate)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 2 * _BELOW + 2 * _BAR + 6)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        model.modelReset.connect(self.share_width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the new width."""
        super().resizeEvent(event)
        self.share_width()

    def share_width(self) -> None:
        """Figures get what they need, names the rest; where that is too little, some columns give way."""
        header, model = self.horizontalHeader(), self.model()
        widths = {
            column: max(header.sectionSizeHint(column), self.sizeHintForColumn(column))
            for column in range(1, model.columnCount())
        }
        room = self.viewport().width() - _LEAST_NAME
        for column in _FIRST_TO_GO:
            if sum(widths.values()) > room:
                del widths[column]
        for column in range(1, model.columnCount()):
            header.setSectionHidden(column, column not in widths)
        for column, width in widths.items():
            header.resizeSection(column, width)
        header.resizeSection(0, _LEAST_NAME + max(room - sum(widths.values()), 0))
        self.fit_height()

    def _on_selection_changed(self, selected: QItemSelection, _deselected: QItemSelection) -> None:
        indexes = selected.indexes()
        self.label_chosen.emit(indexes[0].data(LABEL_ROLE) if indexes else None)


class _ShareDelegate(QStyledItemDelegate):
    """Draws the text of a cell, and below it the share as a thin bar."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for the text and the bar."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + _SIDE, hint.height() + 2 * _BELOW + _BAR)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell."""
        super().paint(painter, option, index)
        share = cast("float | None", index.data(SHARE_ROLE))
        if share is None:
            return
        tokens = tokens_of(option.palette)
        bar, behind = QColor(tokens.accent), QColor(tokens.border)
        if option.state & QStyle.StateFlag.State_Selected:  # its background is the accent itself
            bar, behind = QColor(tokens.on_accent), QColor(tokens.on_accent)
            behind.setAlphaF(_FAINT)
        rect = option.rect
        track = QRectF(rect.x() + _SIDE, rect.bottom() - _BELOW - _BAR, rect.width() - 2 * _SIDE, _BAR)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(behind)
        painter.drawRect(track)
        painter.setBrush(bar)
        track.setWidth(track.width() * share)
        painter.drawRect(track)
        painter.restore()
