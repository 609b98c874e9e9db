"""Draws one job of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.ui.batch.jobs.job_list_model import ENTRY_ROLE
from desktop_app.ui.batch.jobs.job_words import state, subtitle, tone
from desktop_app.ui.common.style.painting import paint_entry_state
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.workers.batch.messages import JobEntry

_PADDING = 8
_GAP = 12
_LINE_GAP = 4
_STATE_SHARE = 0.6
"""Largest share of the width for the state: a reason may be long."""


class JobDelegate(QStyledItemDelegate):
    """Two lines: name and state, then model, how far and when."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Two lines and the padding."""
        return QSize(240, self.height(option.fontMetrics))

    @staticmethod
    def height(metrics: QFontMetrics) -> int:
        """The size of a row."""
        return 2 * metrics.height() + _LINE_GAP + 2 * _PADDING

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        entry = cast("JobEntry", index.data(ENTRY_ROLE))
        tokens = tokens_of(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_entry_state(painter, option)
        area = option.rect.adjusted(_GAP, _PADDING, -_GAP, -_PADDING)
        upper = QRect(area.left(), area.top(), area.width(), option.fontMetrics.height())
        right = int(area.width() * _STATE_SHARE)
        words = option.fontMetrics.elidedText(state(entry), Qt.TextElideMode.ElideRight, right)
        painter.setPen(QColor(getattr(tokens, tone(entry))))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(upper, Qt.AlignmentFlag.AlignRight | middle, words)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(tokens.text))
        room = upper.width() - option.fontMetrics.horizontalAdvance(words) - _GAP
        name = QFontMetrics(bold).elidedText(entry.name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | middle, name)
        lower = upper.translated(0, upper.height() + _LINE_GAP)
        painter.setFont(option.font)
        painter.setPen(QColor(tokens.muted))
        words = option.fontMetrics.elidedText(subtitle(entry), Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignLeft | middle, words)
        painter.restore()
