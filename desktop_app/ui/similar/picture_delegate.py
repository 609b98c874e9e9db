"""Draws a picture of a grid: its thumbnail, its name and a bar for how similar it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.painting import paint_thumbnail
from desktop_app.ui.common.style.tokens import tokens_of
from desktop_app.ui.similar.picture_model import LIKENESS_ROLE

if TYPE_CHECKING:
    from desktop_app.ui.common.controls.table_model import Index

_SIDE = 96
_GAP = 8
_SIGN = 32
_BAR = 4


class PictureDelegate(QStyledItemDelegate):
    """A square thumbnail, a bar where pictures are compared, and a line with the name."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The picture, the bar, the line and the gaps."""
        return QSize(_SIDE + _GAP, _SIDE + _GAP + _BAR + 4 + option.fontMetrics.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell."""
        thumbnail = cast("QPixmap | None", index.data(Qt.ItemDataRole.DecorationRole))
        likeness = cast("float | None", index.data(LIKENESS_ROLE))
        tokens = tokens_of(option.palette)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        left, top = option.rect.x() + _GAP / 2, option.rect.y() + _GAP / 2
        frame = QRectF(left, top, _SIDE, _SIDE)
        paint_thumbnail(painter, frame, thumbnail, tokens.sunken)
        if thumbnail is None:
            place = QRectF(0, 0, _SIGN, _SIGN)
            place.moveCenter(frame.center())
            paint_icon(painter, "picture", tokens.outline, place)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(tokens.accent if selected else tokens.outline), 3 if selected else 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 6, 6)
        line = QRectF(left, frame.bottom() + 2, _SIDE, option.fontMetrics.height())
        if likeness is not None:
            track = QRectF(left, frame.bottom() + 3, _SIDE, _BAR)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.border))
            painter.drawRoundedRect(track, 2, 2)
            track.setWidth(max(_BAR, _SIDE * likeness))
            painter.setBrush(QColor(tokens.accent))
            painter.drawRoundedRect(track, 2, 2)
            line.translate(0, _BAR + 2)
        painter.setPen(QColor(tokens.text if selected else tokens.muted))
        name = str(index.data(Qt.ItemDataRole.DisplayRole))
        elided = option.fontMetrics.elidedText(name, Qt.TextElideMode.ElideMiddle, int(line.width()))
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, elided)
        painter.restore()
