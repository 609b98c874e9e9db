"""What several delegates and widgets draw alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen

from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QPixmap
    from PySide6.QtWidgets import QStyleOptionViewItem


def paint_entry_state(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Draw the mark of an entry that is selected, focused or under the pointer."""
    from PySide6.QtWidgets import QStyle  # 10 ms, for which the window's first painting does not wait

    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if not selected and not option.state & QStyle.StateFlag.State_MouseOver:
        return
    tokens = tokens_of(option.palette)
    focused = selected and bool(option.state & QStyle.StateFlag.State_HasFocus)
    painter.setPen(QPen(QColor(tokens.accent), 2) if focused else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.tint if selected else tokens.sunken))
    painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 8, 8)


def paint_thumbnail(
    painter: QPainter, frame: QRectF, picture: QPixmap | None, ground: str, radius: float = 6
) -> None:
    """Fill a frame with round corners.

    Args:
        painter: Draws.
        frame: The place.
        picture: Its largest centred part in the shape of the frame is drawn; None while there is none.
        ground: The colour in its place.
        radius: The radius of the corners in pixels.
    """
    outline = QPainterPath()
    outline.addRoundedRect(frame, radius, radius)
    if picture is None:
        painter.fillPath(outline, QColor(ground))
        return
    painter.save()
    painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
    painter.drawPixmap(frame, picture, _centre_part(picture, frame))
    painter.restore()


def _centre_part(picture: QPixmap, frame: QRectF) -> QRectF:
    zoom = max(frame.width() / picture.width(), frame.height() / picture.height())
    width, height = frame.width() / zoom, frame.height() / zoom
    return QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)
