"""The headings of the table of pictures, with a mark at the one that sorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QStyleOptionHeader

from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_ARROW = 12
_PADDING = 11
"""Padding of a heading, as in the stylesheet."""
_GAP = 4
MARK = _ARROW + _GAP
"""Pixels that the mark takes beside the words."""


class PictureHeader(QHeaderView):
    """Draws its own mark beside the words; Qt's would cover the end of right-aligned headings."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, section: int) -> None:
        """Hide Qt's mark."""
        super().initStyleOptionForIndex(option, section)
        option.sortIndicator = QStyleOptionHeader.SortIndicator.None_

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw the heading, and the mark where it sorts."""
        painter.save()
        super().paintSection(painter, rect, section)
        painter.restore()
        if section != self.sortIndicatorSection():
            return
        model = self.model()
        words = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        place = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        width = self.fontMetrics().horizontalAdvance(str(words or ""))
        if int(place) & int(Qt.AlignmentFlag.AlignRight):
            left = rect.right() - _PADDING - width - _GAP - _ARROW
        else:
            left = min(rect.left() + _PADDING + width + _GAP, rect.right() - _ARROW)
        ascending = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mark = QRectF(max(left, rect.left()), rect.center().y() - _ARROW / 2 + 1, _ARROW, _ARROW)
        name = "chevron-up" if ascending else "chevron-down"
        paint_icon(painter, name, tokens_of(self.palette()).accent, mark)
        painter.restore()
