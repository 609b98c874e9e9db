"""A switch for something that is on or off."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from desktop_app.ui.common.style.tokens import tokens_of

_TRACK = QSize(40, 22)
_KNOB = 14
_FRAME = 3
"""Room around the track for the ring of the focus."""


class Switch(QCheckBox):
    """A check box that looks like a switch, without a text of its own.

    Args:
        name: The accessible name.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click needs no focus ring
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The track with its frame."""
        return _TRACK + QSize(2 * _FRAME, 2 * _FRAME)

    def minimumSizeHint(self) -> QSize:
        """It does not shrink."""
        return self.sizeHint()

    def hitButton(self, place: QPoint) -> bool:
        """Accept clicks anywhere on the switch."""
        return self.rect().contains(place)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the track, the knob on its side, and the ring of the focus."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect())
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent if not self.isChecked() else tokens.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = frame.adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
        track = frame.adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME)
        on = self.isChecked()
        edge, fill, knob = (
            (tokens.accent, tokens.accent, tokens.on_accent)
            if on
            else (tokens.outline, tokens.surface, tokens.outline)
        )
        painter.setPen(QPen(QColor(edge), 1.5))
        painter.setBrush(QColor(fill))
        inner = track.adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(inner, inner.height() / 2, inner.height() / 2)
        gap = (track.height() - _KNOB) / 2
        left = track.right() - gap - _KNOB if on else track.left() + gap
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(knob))
        painter.drawEllipse(QRectF(left, track.top() + gap, _KNOB, _KNOB))
