"""A drawing of a data folder: one folder for each class, pictures in them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import tokens_of

_ICON = 22
_ROW = 30
_INDENT = 34
_PICTURES = 3
_NAMES = ("pets", "cats", "dogs")


class FolderDrawing(QWidget):
    """Shows the expected layout of folders; decoration, so it has no name."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A line for each folder."""
        return QSize(_INDENT + self._pictures_from() + _PICTURES * (_ICON + 4), _ROW * len(_NAMES))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the folder, its two folders with their pictures, and what joins them."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.outline), 1.5))
        stem = _ICON / 2
        painter.drawLine(QPointF(stem, _ROW - 3), QPointF(stem, _ROW * (len(_NAMES) - 0.5)))
        for row in range(1, len(_NAMES)):
            middle = _ROW * (row + 0.5)
            painter.drawLine(QPointF(stem, middle), QPointF(_INDENT - 4, middle))
        for row, name in enumerate(_NAMES):
            left = _INDENT if row else 0
            top = row * _ROW + (_ROW - _ICON) / 2
            paint_icon(painter, "folder", tokens.accent, QRectF(left, top, _ICON, _ICON))
            painter.setPen(QColor(tokens.text))
            words = QRectF(left + _ICON + 8, row * _ROW, self.width(), _ROW)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
            for picture in range(_PICTURES if row else 0):
                across = _INDENT + self._pictures_from() + picture * (_ICON + 4)
                paint_icon(painter, "picture", tokens.muted, QRectF(across, top, _ICON, _ICON))

    def _pictures_from(self) -> int:
        widest = max(self.fontMetrics().horizontalAdvance(name) for name in _NAMES)
        return _ICON + 8 + widest + 16
