"""Line icons that take the colour of the theme and stay sharp at every scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

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


def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """Draw an icon on a transparent square of ``size`` device pixels."""
    result = QPixmap(size, size)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_icon(painter, name, colour, QRectF(0, 0, size, size))
    painter.end()
    return result


@lru_cache(maxsize=128)
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(pixmap(name, colour, size))
        result.addPixmap(pixmap(name, disabled, size), QIcon.Mode.Disabled)
    return result


def set_icon(target: QAction | QAbstractButton, name: str) -> None:
    """Give an action or a button an icon in the colours of the theme."""
    tokens = tokens_of(QGuiApplication.palette())
    primary = target.property("look") == "primary"
    target.setProperty(_PROPERTY, name)
    target.setIcon(_icon(name, tokens.on_accent if primary else tokens.text, tokens.outline))


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
