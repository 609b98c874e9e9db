"""One answer to a question, as a card that is clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.widgets import horizontal, label, scale_font, tooltip, vertical
from desktop_app.ui.common.style.tokens import tokens_of
from desktop_app.ui.training.questions.thumbnail_row import ThumbnailRow

if TYPE_CHECKING:
    from desktop_app.core.datasets.question import Choice
    from desktop_app.ui.common.thumbnails import Thumbnails

_MOST = 160
"""Characters of a text that are shown; the tooltip has the others."""
_SIDE, _COMPACT_SIDE = 56, 40
SUGGESTED = "Suggested"


class ChoiceCard(QAbstractButton):
    """What the answer means, what follows from it, and pictures that show it."""

    def __init__(
        self, choice: Choice, thumbnails: Thumbnails, *, suggested: bool = False, compact: bool = False
    ) -> None:
        super().__init__()
        self.choice = choice
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        words = vertical(spacing=2)
        words.addStretch(1)
        if suggested:
            badge = label(SUGGESTED)
            badge.setProperty("look", "badge")
            scale_font(badge, 0.85)
            words.addWidget(badge, 0, Qt.AlignmentFlag.AlignLeft)
        text = label(breakable(_shortened(choice.text)), wrap=True)
        scale_font(text, 1, QFont.Weight.DemiBold)
        words.addWidget(text)
        if choice.detail:
            detail = label(breakable(_shortened(choice.detail)), tone="muted", wrap=True)
            scale_font(detail, 0.9)
            words.addWidget(detail)
        words.addStretch(1)
        edge = 8 if compact else 12
        layout = horizontal(self, spacing=16, margins=(12, edge, 12, edge))
        layout.addLayout(words, 3)
        if choice.pictures:
            side = _COMPACT_SIDE if compact else _SIDE
            layout.addWidget(ThumbnailRow(choice.pictures, thumbnails, side, choice.reading), 2)
        for part in self.children():
            if part.isWidgetType():
                part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # type: ignore[attr-defined]
        self.setAccessibleName(f"{choice.text} ({SUGGESTED.lower()})" if suggested else choice.text)
        self.setAccessibleDescription(choice.detail)
        if max(len(choice.text), len(choice.detail)) > _MOST:
            self.setToolTip(tooltip(f"{choice.text}\n{choice.detail}".strip()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return and Enter do what Space does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Scroll the page around the card, so that the keyboard never leads out of sight."""
        super().focusInEvent(event)
        self.bring_up()
        self.update()

    def bring_up(self) -> None:
        """Scroll the page until the card is visible."""
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card below its parts."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        enabled = self.isEnabled()
        painter.setPen(QPen(QColor(tokens.outline if enabled else tokens.border), 1.0))
        hovered = self.underMouse() and enabled
        pressed = self.isDown()
        painter.setBrush(QColor(tokens.tint if pressed else tokens.sunken if hovered else tokens.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 7, 7)


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 1].rstrip()}…"
