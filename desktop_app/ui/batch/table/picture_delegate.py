"""Draws cells of the table of pictures that are not plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.core.batch.job.rows import Status
from desktop_app.ui.batch.table.columns import alignment
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.painting import paint_thumbnail
from desktop_app.ui.common.style.tokens import Tokens, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QTableView, QWidget

    from desktop_app.core.batch.job.rows import Row
    from desktop_app.ui.batch.table.picture_model import PictureModel
    from desktop_app.ui.common.controls.table_model import Index

SIDE = 40
_SIGN = 20
_RADIUS = 4


class WordsDelegate(QStyledItemDelegate):
    """Draws text, elided where it matters least, in the colour of its meaning.

    A row has the focus rather than a cell: lines above and below the whole row mark it.

    Args:
        parent: The table.
        elide: The place of the ellipsis.
        toned: Whether failures have their colour.
    """

    def __init__(
        self, parent: QWidget, *, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight, toned: bool = False
    ) -> None:
        super().__init__(parent)
        self._elide = elide
        self._toned = toned

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell, and its piece of the mark."""
        super().paint(painter, option, index)
        table = cast("QTableView", self.parent())
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if table.hasFocus() and index.row() == table.currentIndex().row():
            tokens = tokens_of(option.palette)
            colour = QColor(tokens.on_accent if selected else tokens.accent)
            for top in (option.rect.top(), option.rect.bottom()):
                painter.fillRect(option.rect.left(), top, option.rect.width(), 1, colour)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Ask the model only for what it has: Qt asks for seven roles for each cell of each frame."""
        model = cast("PictureModel", index.model())
        row = model.row_at(index.row())
        option.index = index  # type: ignore[assignment]
        option.state &= ~QStyle.StateFlag.State_HasFocus
        option.displayAlignment = alignment(index.column())
        option.textElideMode = self._elide
        if row is None:
            return
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay
        option.text = model.text_of(row, index.column())
        if self._toned and not option.state & QStyle.StateFlag.State_Selected:
            tokens = tokens_of(option.palette)
            colour = tokens.danger if row.status is Status.FAILED else tokens.muted
            option.palette.setColor(QPalette.ColorRole.Text, QColor(colour))


class ThumbnailDelegate(WordsDelegate):
    """Draws a small picture, or a symbol in its place."""

    def __init__(self, thumbnail: Callable[[Row], QPixmap | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnail = thumbnail

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the background, then the picture."""
        super().paint(painter, option, index)
        row = cast("PictureModel", index.model()).row_at(index.row())
        tokens = tokens_of(option.palette)
        place = QRectF(option.rect.x() + 8, option.rect.y() + (option.rect.height() - SIDE) / 2, SIDE, SIDE)
        picture = self._thumbnail(row) if row is not None else None
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        paint_thumbnail(painter, place, picture, tokens.sunken, _RADIUS)
        if picture is None:
            _paint_sign(painter, place, row, tokens)
        painter.restore()


def _paint_sign(painter: QPainter, place: QRectF, row: Row | None, tokens: Tokens) -> None:
    failed = row is not None and row.status is Status.FAILED
    inset = (SIDE - _SIGN) / 2
    sign = place.adjusted(inset, inset, -inset, -inset)
    paint_icon(
        painter, "picture-broken" if failed else "picture", tokens.danger if failed else tokens.outline, sign
    )
