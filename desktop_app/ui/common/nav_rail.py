"""The slim rail on the left that switches between panes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame

from desktop_app.ui.common.controls.widgets import scale_font, vertical
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import tokens_of

_WIDTH = 80
_ICON = 24


class RailButton(QAbstractButton):
    """An icon over a word."""

    def __init__(self, text: str, icon: str, *, checkable: bool) -> None:
        super().__init__()
        self._icon_name = icon
        self.setText(text)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        scale_font(self, 0.9)

    def sizeHint(self) -> QSize:
        """As wide as the rail; wider when a large font needs it."""
        metrics = self.fontMetrics()
        width = max(_WIDTH - 16, metrics.horizontalAdvance(self.text()) + 12)
        return QSize(width, _ICON + metrics.height() + 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the background of its state, the icon and the word."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.tint if self.isChecked() or self.isDown() else tokens.sunken)
            painter.drawRoundedRect(area, 8, 8)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(tokens.accent)
            pen.setWidth(2)
            painter.setPen(pen)
            painter.drawRoundedRect(area, 8, 8)
        colour = tokens.text if self.isChecked() else tokens.muted
        paint_icon(painter, self._icon_name, colour, QRectF((self.width() - _ICON) / 2, 8, _ICON, _ICON))
        painter.setPen(colour)
        words = QRectF(0, 8 + _ICON + 4, self.width(), self.fontMetrics().height())
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())


class NavRail(QFrame):
    """One button for each pane, and preferences at the bottom."""

    pane_chosen = Signal(int)
    preferences_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "rail")
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.pane_chosen)
        self._layout = vertical(self, spacing=8, margins=(8, 8, 8, 8))
        self._layout.addStretch()
        preferences = RailButton("Preferences", "settings", checkable=False)
        preferences.setToolTip("Preferences (Ctrl+,)")
        preferences.clicked.connect(self.preferences_requested)
        self._layout.addWidget(preferences)

    def add(self, title: str, icon: str) -> None:
        """Add the button of the next pane."""
        entry = RailButton(title, icon, checkable=True)
        count = len(self._group.buttons())
        entry.setToolTip(f"{title} (Ctrl+{count + 1})")
        self._group.addButton(entry, count)
        self._layout.insertWidget(count, entry)

    def check(self, index: int) -> None:
        """Mark the pane that is shown."""
        self._group.button(index).setChecked(True)
