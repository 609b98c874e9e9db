"""A network that can be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from desktop_app.ui.common.controls.widgets import heading, label, scale_font, vertical
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import tokens_of
from desktop_app.ui.training.model.network_sketch import NetworkSketch

if TYPE_CHECKING:
    from desktop_app.core.training.recipes.recipe import Recipe

_MARK = 18


class RecipeCard(QAbstractButton):
    """Name, one line, and a drawing; checked when it is the chosen one."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.recipe = recipe
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        name = heading(recipe.name, factor=1.05, wrap=True)
        name.setContentsMargins(0, 0, _MARK + 4, 0)
        summary = label(recipe.summary, wrap=True)
        scale_font(summary, 0.9)
        sketch = NetworkSketch(recipe.sketch)
        for part in (name, summary, sketch):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = vertical(self, spacing=4, margins=(12, 12, 12, 12))
        layout.addWidget(name)
        layout.addWidget(summary)
        layout.addStretch(1)
        layout.addSpacing(4)
        layout.addWidget(sketch)
        self.setAccessibleName(recipe.name)
        self.setAccessibleDescription(f"{recipe.summary} {sketch.words}")
        self.setToolTip(f"{sketch.words}\n{recipe.origin}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return and Enter do what Space does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card below its parts."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, enabled = self.isChecked(), self.isEnabled()
        edge = tokens.accent if chosen else tokens.outline
        painter.setPen(QPen(QColor(edge if enabled else tokens.border), 2.0 if chosen else 1.0))
        hovered = self.underMouse() and enabled
        painter.setBrush(QColor(tokens.tint if chosen else tokens.sunken if hovered else tokens.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        if self.hasFocus():  # a second ring inside, which cannot be mistaken for the choice
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.text), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4.5, 4.5, -4.5, -4.5), 5, 5)
        if chosen:
            place = QRectF(self.width() - _MARK - 10, 10, _MARK, _MARK)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawEllipse(place)
            paint_icon(painter, "check", tokens.on_accent, place.adjusted(2, 2, -2, -2))
