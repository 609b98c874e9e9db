"""Draws one bar of the chart of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.core.foundation.text import percent
from desktop_app.ui.batch.overview.label_model import CHOSEN_ROLE, FREQUENCY_ROLE, LARGEST_ROLE
from desktop_app.ui.common.style.tokens import Tokens, tokens_of

if TYPE_CHECKING:
    from desktop_app.ui.batch.overview.label_model import Frequency
    from desktop_app.ui.common.controls.table_model import Index

_BAR = 6
_AIR = 14
_SIDE = 8
_GAP = 8


class LabelDelegate(QStyledItemDelegate):
    """Name on the left, number and percentage on the right, the bar below; the chosen one on a tint."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """A line of text, the bar and the air around."""
        return QSize(120, option.fontMetrics.height() + _BAR + _AIR)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a label."""
        tokens = tokens_of(option.palette)
        entry: Frequency = index.data(FREQUENCY_ROLE)
        chosen = bool(index.data(CHOSEN_ROLE))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, option, tokens, chosen=chosen)
        area = QRectF(option.rect).adjusted(_SIDE, 0, -_SIDE, 0)
        height = option.fontMetrics.height()
        words = QRectF(area.x(), area.y() + (area.height() - height - _BAR - 3) / 2, area.width(), height)
        _paint_words(painter, option, entry, words, tokens, bold=chosen)
        track = QRectF(area.x(), words.bottom() + 3, area.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.surface if chosen else tokens.sunken))
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        # The others together may exceed the most frequent label; their bar stays within the track.
        length = min(entry.count / max(index.data(LARGEST_ROLE), 1), 1) * track.width()
        track.setWidth(max(length, _BAR))
        painter.setBrush(QColor(tokens.outline if entry.place is None else tokens.accent))
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        painter.restore()


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, tokens: Tokens, *, chosen: bool) -> None:
    state, flags = option.state, QStyle.StateFlag
    over = bool(state & flags.State_MouseOver)
    place = QRectF(option.rect).adjusted(1, 1, -1, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    if chosen or over:
        painter.setBrush(QColor(tokens.tint if chosen else tokens.surface))
        painter.drawRoundedRect(place, 6, 6)
    if state & flags.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.accent), 2))
        painter.drawRoundedRect(place, 6, 6)


def _paint_words(
    painter: QPainter,
    option: QStyleOptionViewItem,
    entry: Frequency,
    place: QRectF,
    tokens: Tokens,
    *,
    bold: bool,
) -> None:
    font = QFont(option.font)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    painter.setFont(font)
    metrics = QFontMetrics(font)
    flags = Qt.AlignmentFlag
    # The percentages have a column of their own, however long the numbers are.
    share = metrics.horizontalAdvance(percent(1.0))
    painter.setPen(QColor(tokens.text if bold else tokens.muted))
    painter.drawText(place, flags.AlignRight | flags.AlignVCenter, percent(entry.share))
    number = f"{entry.count:,}"
    painter.setPen(QColor(tokens.text))
    left = place.adjusted(0, 0, -share - _GAP, 0)
    painter.drawText(left, flags.AlignRight | flags.AlignVCenter, number)
    painter.setPen(QColor(tokens.muted if entry.place is None else tokens.text))
    room = int(left.width()) - metrics.horizontalAdvance(number) - _GAP
    name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, room)
    painter.drawText(left, flags.AlignLeft | flags.AlignVCenter, name)
