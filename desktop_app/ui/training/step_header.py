"""The line that names a step of the page and opens or folds it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from desktop_app.ui.common.controls.widgets import scale_font
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import Tokens, tokens_of

_PADDING = 16
_ABOVE = 8
_BADGE = 28
_ARROW = 20
_GAP = 12


class StepHeader(QAbstractButton):
    """A number, a title, one line of what was chosen, and an arrow; checked while the step is open."""

    def __init__(self, number: int, title: str) -> None:
        super().__init__()
        self._number = number
        self._title = title
        self._summary = ""
        self._done = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        scale_font(self, 1.2, QFont.Weight.DemiBold)
        self._tell()

    @property
    def summary(self) -> str:
        """The line beside the title."""
        return self._summary

    @property
    def done(self) -> bool:
        """Whether a check mark stands for the number."""
        return self._done

    def set_summary(self, summary: str, *, done: bool) -> None:
        """Set the line of what was chosen, or what is missing."""
        self._summary, self._done = summary, done
        self._tell()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return and Enter do what Space does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Room for the title and some of the summary."""
        height = max(_BADGE, self.fontMetrics().height()) + 2 * _ABOVE
        return QSize(self._title_end() + 120 + _ARROW + _PADDING, height)

    def minimumSizeHint(self) -> QSize:
        """Room for the title."""
        return QSize(self._title_end() + _ARROW + _PADDING, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the header."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_state(painter, tokens)
        self._paint_badge(painter, tokens)
        painter.setFont(self.font())
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.muted))
        area = self.rect()
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(area.adjusted(_PADDING + _BADGE + _GAP, 0, 0, 0), align, self._title)
        small = self._small_font()
        painter.setFont(small)
        painter.setPen(QColor(tokens.muted))
        left = self._title_end() + _GAP
        room = self.width() - left - _ARROW - 2 * _PADDING
        words = QFontMetricsF(small).elidedText(self._summary, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, 0, max(room, 0), self.height()), align, words)
        if self.isEnabled():
            place = QRectF(
                self.width() - _ARROW - _PADDING, (self.height() - _ARROW) / 2, float(_ARROW), float(_ARROW)
            )
            paint_icon(painter, "chevron-up" if self.isChecked() else "chevron-down", tokens.muted, place)

    def _paint_state(self, painter: QPainter, tokens: Tokens) -> None:
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.sunken))
            painter.drawRoundedRect(area, 7, 7)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(area, 7, 7)

    def _paint_badge(self, painter: QPainter, tokens: Tokens) -> None:
        circle = QRectF(_PADDING, (self.height() - _BADGE) / 2, float(_BADGE), float(_BADGE))
        if not self.isEnabled():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.outline), 1.5))
            painter.drawEllipse(circle.adjusted(1, 1, -1, -1))
            colour = tokens.muted
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.success if self._done else tokens.accent))
            painter.drawEllipse(circle)
            colour = tokens.surface if self._done else tokens.on_accent
        if self._done and self.isEnabled():
            paint_icon(painter, "check", colour, circle.adjusted(4, 4, -4, -4))
            return
        painter.setFont(self.font())
        painter.setPen(QColor(colour))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))

    def _title_end(self) -> int:
        return _PADDING + _BADGE + _GAP + self.fontMetrics().horizontalAdvance(self._title)

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() / 1.2)
        font.setWeight(QFont.Weight.Normal)
        return font

    def _tell(self) -> None:
        done = ", done" if self._done else ""
        self.setAccessibleName(f"Step {self._number}, {self._title}{done}")
        self.setAccessibleDescription(self._summary)
