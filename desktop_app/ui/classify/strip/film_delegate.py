"""Draws one picture of the filmstrip."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.ui.classify.strip.film_model import ITEM_ROLE, caption
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.painting import paint_entry_state, paint_thumbnail
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
        paint_entry_state(painter, option)
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
    def _paint_picture(
        painter: QPainter, frame: QRectF, item: Item, thumbnail: QPixmap | None, tokens: Tokens
    ) -> None:
        paint_thumbnail(painter, frame, thumbnail, tokens.surface)
        if thumbnail is not None:
            return
        side = min(32.0, frame.height() - 8)
        place = QRectF(frame.center().x() - side / 2, frame.center().y() - side / 2, side, side)
        failed = item.state is ItemState.FAILED
        sign = _SIGNS.get(item.state, "picture")
        paint_icon(painter, sign, tokens.danger if failed else tokens.outline, place)
