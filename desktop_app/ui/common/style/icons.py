"""Line icons that take the colour of the theme and stay sharp at every scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QPushButton

from desktop_app.core.foundation import paths
from desktop_app.ui.common.style.tokens import tokens_of

_PROPERTY = "icon_name"
_GAP = 0.25
"""Width of a gap beside an icon, as a fraction of the icon's."""


@lru_cache(maxsize=128)
def _outlines(name: str) -> str:
    return (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=128)
def _drawing(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_outlines(name).replace("currentColor", colour).encode()))


def paint_icon(painter: QPainter, name: str, colour: str, target: QRectF) -> None:
    """Draw an icon into a square of a widget that paints itself."""
    _drawing(name, colour).render(painter, target)


class _Drawer(QIconEngine):
    """Draws an icon in the very size that is asked for, when it is asked for."""

    def __init__(self, name: str, colour: str, disabled: str, gap: float) -> None:
        super().__init__()
        self._name, self._colour, self._disabled, self._gap = name, colour, disabled, gap

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw as large as fits with the gap to the right of it."""
        side = min(rect.height(), rect.width() / (1 + self._gap))
        left = rect.left() + (rect.width() - side * (1 + self._gap)) / 2
        colour = self._disabled if mode == QIcon.Mode.Disabled else self._colour
        target = QRectF(left, rect.top() + (rect.height() - side) / 2, side, side)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, self._name, colour, target)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Draw on a transparent ground; nothing when there is no room for it."""
        result = QPixmap(size)
        if result.isNull():
            return result
        result.fill(Qt.GlobalColor.transparent)
        painter = QPainter(result)
        self.paint(painter, result.rect(), mode, state)
        painter.end()
        return result

    def clone(self) -> QIconEngine:
        """Make another that draws the same; Qt asks for it when an icon is changed, and forgets to own it."""
        copy = _Drawer(self._name, self._colour, self._disabled, self._gap)
        _copies.append(copy)
        return copy


_copies: list[QIconEngine] = []


@lru_cache(maxsize=128)
def _icon(name: str, colour: str, disabled: str, *, gap: bool) -> QIcon:
    _outlines(name)  # that its file is missing must be known now, not in the middle of painting
    return QIcon(_Drawer(name, colour, disabled, _GAP if gap else 0))


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
