"""Draws one picture of the filmstrip."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.ui.classify.strip.film_model import ITEM_ROLE, caption
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import Tokens, tokens_of
from desktop_app.workers.classify.messages import Item, ItemState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.ui.common.controls.table_model import Index

_PADDING = 4
_SIGNS = {ItemState.FAILED: "picture-broken", ItemState.CANCELLED: "pause", ItemState.WAITING: "picture"}


class FilmDelegate(QStyledItemDelegate):
    """A thumbnail that fills its frame, with a caption; failures have a symbol and their colour."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnail = QSize(96, 64)

    @property
    def thumbnail(self) -> QSize:
        """The size of the frame."""
        return self._thumbnail

    @thumbnail.setter
    def thumbnail(self, size: QSize) -> None:
        self._thumbnail = size

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Frame, caption and padding."""
        return self.cell(option.fontMetrics.height())

    def cell(self, text_height: int) -> QSize:
        """The size of a cell for a height of the caption's font."""
        return QSize(
            self._thumbnail.width() + 2 * _PADDING, self._thumbnail.height() + text_height + 3 * _PADDING
        )

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell."""
        item = cast("Item", index.data(ITEM_ROLE))
        tokens = tokens_of(option.palette)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(option.rect).adjusted(1, 1, -1, -1)
        self._paint_state(painter, option, area, tokens)
        frame = QRectF(
            option.rect.x() + _PADDING,
            option.rect.y() + _PADDING,
            self._thumbnail.width(),
            self._thumbnail.height(),
        )
        thumbnail = cast("QPixmap | None", index.data(Qt.ItemDataRole.DecorationRole))
        self._paint_picture(painter, frame, item, thumbnail, tokens)
        words = QRectF(frame.x(), frame.bottom() + _PADDING, frame.width(), option.fontMetrics.height())
        failed = item.state is ItemState.FAILED
        painter.setPen(tokens.danger if failed else tokens.text if item.answer else tokens.muted)
        text = option.fontMetrics.elidedText(caption(item), Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    @staticmethod
    def _paint_state(painter: QPainter, option: QStyleOptionViewItem, area: QRectF, tokens: Tokens) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if not selected and not hovered:
            return
        focused = selected and bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(QColor(tokens.accent), 2) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.tint if selected else tokens.sunken))
        painter.drawRoundedRect(area, 8, 8)

    @staticmethod
    def _paint_picture(
        painter: QPainter, frame: QRectF, item: Item, thumbnail: QPixmap | None, tokens: Tokens
    ) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(frame, 6, 6)
        if thumbnail is not None:
            painter.save()
            painter.setClipPath(outline)
            painter.drawPixmap(frame, thumbnail, _centre_part(thumbnail, frame))
            painter.restore()
            return
        painter.fillPath(outline, QColor(tokens.surface))
        side = min(32.0, frame.height() - 8)
        place = QRectF(frame.center().x() - side / 2, frame.center().y() - side / 2, side, side)
        failed = item.state is ItemState.FAILED
        sign = _SIGNS.get(item.state, "picture")
        paint_icon(painter, sign, tokens.danger if failed else tokens.outline, place)


def _centre_part(thumbnail: QPixmap, frame: QRectF) -> QRectF:
    """The largest centred crop of a thumbnail in the shape of the frame."""
    zoom = max(frame.width() / thumbnail.width(), frame.height() / thumbnail.height())
    width, height = frame.width() / zoom, frame.height() / zoom
    return QRectF((thumbnail.width() - width) / 2, (thumbnail.height() - height) / 2, width, height)
