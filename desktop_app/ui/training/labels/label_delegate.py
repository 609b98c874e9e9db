"""Draws one picture of the grid: its class, and below it what is suggested or was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.painting import paint_entry_state, paint_thumbnail
from desktop_app.ui.common.style.tokens import tokens_of
from desktop_app.ui.training.labels.label_model import ITEM_ROLE

if TYPE_CHECKING:
    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.ui.training.labels.label_item import LabelItem

PICTURE = QSize(136, 104)
_PADDING = 8
_SIGN = 32


class LabelDelegate(QStyledItemDelegate):
    """A thumbnail that fills its frame, and two lines below it, on the ground of its state."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Picture, two lines and the padding."""
        return cell_size(option.fontMetrics.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell."""
        item = cast("LabelItem", index.data(ITEM_ROLE))
        thumbnail = cast("QPixmap | None", index.data(Qt.ItemDataRole.DecorationRole))
        tokens, metrics = tokens_of(option.palette), option.fontMetrics
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        paint_entry_state(painter, option)
        corner = option.rect.topLeft()
        frame = QRectF(corner.x() + _PADDING, corner.y() + _PADDING, PICTURE.width(), PICTURE.height())
        paint_thumbnail(painter, frame, thumbnail, tokens.sunken)
        if thumbnail is None:
            centre = frame.center()
            place = QRectF(centre.x() - _SIGN / 2, centre.y() - _SIGN / 2, _SIGN, _SIGN)
            paint_icon(painter, "picture", tokens.outline, place)
        flags, elide = Qt.AlignmentFlag, Qt.TextElideMode.ElideMiddle
        line = QRectF(frame.x(), frame.bottom() + 4, frame.width(), metrics.height())
        painter.setPen(tokens.text)
        painter.drawText(line, flags.AlignLeft, metrics.elidedText(item.label, elide, int(line.width())))
        line.translate(0, metrics.height())
        painter.setPen(tokens.muted)
        painter.drawText(line, flags.AlignRight, item.figure)
        room = int(line.width()) - metrics.horizontalAdvance(item.figure) - metrics.averageCharWidth()
        painter.drawText(line, flags.AlignLeft, metrics.elidedText(item.outcome, elide, room))
        painter.restore()


def cell_size(text_height: int) -> QSize:
    """The size of a cell for a height of the font."""
    return QSize(PICTURE.width() + 2 * _PADDING, PICTURE.height() + 2 * text_height + 2 * _PADDING + 4)
