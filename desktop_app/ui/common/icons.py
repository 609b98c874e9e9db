"""Line icons that take the colour of the theme and stay sharp at every scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QPushButton

from desktop_app.core import paths
from desktop_app.ui.common.tokens import tokens_of

_PROPERTY = "icon_name"
_SIZES = (16, 20, 24, 32, 40, 48, 64)
"""Pixel sizes that are drawn ahead: icons of 16, 20 and 24 points at scales of 1, 1.25 ... 2 and more."""


@lru_cache(maxsize=128)
def _drawing(name: str, colour: str) -> QSvgRenderer:
    text = (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode()))


def paint_icon(painter: QPainter, name: str, colour: str, target: QRectF) -> None:
    """Draw an icon into a square of a widget that paints itself."""
    _drawing(name, colour).render(painter, target)


def pixmap(name: str, colour: str, size: int, gap: int = 0) -> QPixmap:
    """Draw an icon on a transparent square of ``size`` device pixels, with a ``gap`` to the right of it."""
    result = QPixmap(size + gap, size)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_icon(painter, name, colour, QRectF(0, 0, size, size))
    painter.end()
    return result


@lru_cache(maxsize=128)
def _icon(name: str, colour: str, disabled: str, *, gap: bool) -> QIcon:
    result = QIcon()
    for size in _SIZES:
        extra = size // 4 if gap else 0
        result.addPixmap(pixmap(name, colour, size, extra))
        result.addPixmap(pixmap(name, disabled, size, extra), QIcon.Mode.Disabled)
    return result


def set_icon(target: QAction | QAbstractButton, name: str) -> None:
    """Give an action or a button an icon in the colours of the theme."""
    tokens = tokens_of(QGuiApplication.palette())
    colour = tokens.on_accent if target.property("look") == "primary" else tokens.text
    # Styles leave four pixels between icon and text, which is too close.
    gap = isinstance(target, QPushButton)
    if isinstance(target, QPushButton):
        target.setIconSize(QSize(20, 16))
    target.setProperty(_PROPERTY, name)
    target.setIcon(_icon(name, colour, tokens.outline, gap=gap))


def renew_icons(root: QObject) -> None:
    """Draw the icons of all actions and buttons below ``root`` again, after the theme changed."""
    targets: list[QAction | QAbstractButton] = [
        *root.findChildren(QAction),
        *root.findChildren(QAbstractButton),
    ]
    for target in targets:
        name = target.property(_PROPERTY)
        if name is not None:
            set_icon(target, name)
