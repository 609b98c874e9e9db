"""Draws one mistake: the picture, its class and the predicted class."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.core.foundation.text import percent
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.painting import paint_thumbnail
from desktop_app.ui.common.style.tokens import tokens_of
from desktop_app.ui.training.result.mistake_model import MISTAKE_ROLE

if TYPE_CHECKING:
    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.ui.training.result.mistake_model import AnyMistake

PICTURE = QSize(136, 104)
_GAP = 12
_SIGN = 32


class MistakeDelegate(QStyledItemDelegate):
    """A thumbnail that fills its frame, and two lines below it."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Picture, two lines and the padding."""
        return cell_size(option.fontMetrics.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell."""
        mistake = cast("AnyMistake", index.data(MISTAKE_ROLE))
        thumbnail = cast("QPixmap | None", index.data(Qt.ItemDataRole.DecorationRole))
        tokens = tokens_of(option.palette)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(option.rect.x(), option.rect.y(), PICTURE.width(), PICTURE.height())
        paint_thumbnail(painter, frame, thumbnail, tokens.sunken)
        if thumbnail is None:
            centre = frame.center()
            place = QRectF(centre.x() - _SIGN / 2, centre.y() - _SIGN / 2, _SIGN, _SIGN)
            paint_icon(painter, "picture", tokens.outline, place)
        self._paint_state(painter, option, frame)
        self._paint_words(painter, option, frame, mistake)
        painter.restore()

    @staticmethod
    def _paint_words(
        painter: QPainter, option: QStyleOptionViewItem, frame: QRectF, mistake: AnyMistake
    ) -> None:
        """Write the class, and below it the prediction and its probability."""
        tokens, metrics = tokens_of(option.palette), option.fontMetrics
        flags, elide = Qt.AlignmentFlag, Qt.TextElideMode.ElideMiddle
        line = QRectF(frame.x(), frame.bottom() + 4, frame.width(), metrics.height())
        painter.setPen(tokens.text)
        painter.drawText(line, flags.AlignLeft, metrics.elidedText(mistake.truth, elide, int(line.width())))
        line.translate(0, metrics.height())
        painter.setPen(tokens.muted)
        sure = percent(mistake.probability)
        painter.drawText(line, flags.AlignRight, sure)
        room = int(line.width()) - metrics.horizontalAdvance(sure) - metrics.averageCharWidth()
        painter.drawText(line, flags.AlignLeft, metrics.elidedText(f"→ {mistake.answer}", elide, room))

    @staticmethod
    def _paint_state(painter: QPainter, option: QStyleOptionViewItem, frame: QRectF) -> None:
        """Draw a ring around the picture under the pointer or with the keyboard."""
        tokens = tokens_of(option.palette)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if focused or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(tokens.accent if focused else tokens.outline), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 6, 6)


def cell_size(text_height: int) -> QSize:
    """The size of a cell for a height of the font, with what is free to its right and below."""
    return QSize(PICTURE.width() + _GAP, PICTURE.height() + 2 * text_height + _GAP + 4)
