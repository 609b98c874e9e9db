"""Helpers that make the labels, buttons, lines and layouts used all over the window."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui.common.style.icons import set_icon

Tone = Literal["", "muted", "danger", "warning", "success"]
Look = Literal["", "primary", "link", "inline"]
Margins = tuple[int, int, int, int]

_NO_MARGINS: Margins = (0, 0, 0, 0)
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""What markup would be read from; Python's module for this brings thousands of names."""


class _Button(QPushButton):
    """Is pressed by Return and Enter too, also outside of dialogs."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


def scale_font(widget: QWidget, factor: float, weight: QFont.Weight = QFont.Weight.Normal) -> None:
    """Set a font relative to the one that the user chose for the desktop."""
    font = widget.font()
    font.setPointSizeF(font.pointSizeF() * factor)
    font.setWeight(weight)
    widget.setFont(font)


def label(text: str = "", *, tone: Tone = "", wrap: bool = False) -> QLabel:
    """Make a plain-text label; names and messages from outside never act as rich text."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setWordWrap(wrap)
    if tone:
        result.setProperty("tone", tone)
    return result


def heading(text: str = "", *, factor: float = 1.5, wrap: bool = False) -> QLabel:
    """Make a label in a larger, heavier font."""
    result = label(text, wrap=wrap)
    scale_font(result, factor, QFont.Weight.DemiBold)
    return result


def button(text: str, icon: str = "", *, look: Look = "", tip: str = "") -> QPushButton:
    """Make a push button; its text is its accessible name."""
    result = _Button(text)
    result.setAutoDefault(False)
    result.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click needs no focus ring
    if look:
        result.setProperty("look", look)
    if icon:
        set_icon(result, icon)
    result.setToolTip(tip)
    return result


def icon_button(name: str, icon: str) -> QToolButton:
    """Make a button that shows an icon only; ``name`` is its tooltip and accessible name."""
    result = QToolButton()
    result.setProperty("look", "quiet")
    result.setAccessibleName(name)
    result.setToolTip(name)
    set_icon(result, icon)
    result.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return result


def scrolling(page: QWidget) -> QScrollArea:
    """Make an area in which a page that is too high scrolls, and that takes no focus."""
    result = QScrollArea()
    result.setWidgetResizable(True)
    result.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    result.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    result.setWidget(page)
    return result


def line() -> QFrame:
    """Make a thin horizontal line."""
    result = QFrame()
    result.setProperty("look", "line")
    return result


def vertical(
    inside: QWidget | None = None, *, spacing: int | None = None, margins: Margins = _NO_MARGINS
) -> QVBoxLayout:
    """Make a layout for a widget, or for another layout, that puts its parts below each other."""
    result = QVBoxLayout() if inside is None else QVBoxLayout(inside)
    _space(result, spacing, margins)
    return result


def horizontal(
    inside: QWidget | None = None, *, spacing: int | None = None, margins: Margins = _NO_MARGINS
) -> QHBoxLayout:
    """Make a layout for a widget, or for another layout, that puts its parts side by side."""
    result = QHBoxLayout() if inside is None else QHBoxLayout(inside)
    _space(result, spacing, margins)
    return result


def _space(layout: QBoxLayout, spacing: int | None, margins: Margins) -> None:
    layout.setContentsMargins(*margins)
    if spacing is not None:
        layout.setSpacing(spacing)


def set_tone(target: QLabel, tone: Tone) -> None:
    """Change the colour of a label by meaning."""
    if target.property("tone") != tone:
        target.setProperty("tone", tone)
        target.style().unpolish(target)
        target.style().polish(target)


def tooltip(text: str) -> str:
    """Make a tooltip that wraps, and that shows text from outside as it is, never as markup."""
    return f"<p style='white-space: pre-wrap'>{text.translate(_MARKUP)}</p>" if text else ""
