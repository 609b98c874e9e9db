"""The device indicator: a dot, a sentence, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QToolTip

from desktop_app.ui.common.controls.widgets import tooltip
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from desktop_app.core.devices.status import DeviceStatus

_DOT = 8
_LEFT = 8
_WIDEST = 400


class DeviceButton(QAbstractButton):
    """Shortens its sentence when room is scarce; a click or Space shows the advice."""

    def __init__(self) -> None:
        super().__init__()
        self._kind = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText("Looking for devices…")
        self.setAccessibleName("Device")
        self.clicked.connect(self._explain)

    def show_status(self, status: DeviceStatus) -> None:
        """Show a device."""
        self._kind = status.kind
        self.setText(status.sentence)
        self.setAccessibleName(f"Device: {status.sentence}")
        self.setAccessibleDescription(status.advice)
        self.setToolTip(tooltip(f"{status.sentence}\n\n{status.advice}".strip()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the sentence, up to a limit."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(min(words + 3 * _LEFT + _DOT + 2, _WIDEST), self.fontMetrics().height() + 8)

    def minimumSizeHint(self) -> QSize:
        """Room for the kind of device."""
        return QSize(min(self.sizeHint().width(), 120), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dot and the sentence."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.sunken))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.success if self._kind == "gpu" else tokens.outline))
        painter.drawEllipse(QPointF(_LEFT + _DOT / 2, self.height() / 2), _DOT / 2, _DOT / 2)
        words = self.rect().adjusted(2 * _LEFT + _DOT, 0, -_LEFT, 0)
        painter.setPen(QColor(tokens.text))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _explain(self) -> None:
        QToolTip.showText(self.mapToGlobal(self.rect().topLeft()), self.toolTip(), self)
