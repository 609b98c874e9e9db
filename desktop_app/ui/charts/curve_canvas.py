"""The drawing area of a plot: axes, zooming by mouse and keyboard, and the pointer's position."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QWheelEvent

from desktop_app.ui.charts.curve_axes import EpochAxis, FigureAxis

if TYPE_CHECKING:
    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent, MouseDragEvent

    from desktop_app.ui.common.style.tokens import Tokens

_CLOSEST = 0.02
"""Epochs in view at the closest zoom."""
_SMALLEST_DRAG = 6
_ZOOM = 0.8
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ZOOMS = {Qt.Key.Key_Plus: _ZOOM, Qt.Key.Key_Equal: _ZOOM, Qt.Key.Key_Minus: 1 / _ZOOM}
_RESETS = (Qt.Key.Key_Home, Qt.Key.Key_0, Qt.Key.Key_Escape)


class CurveView(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph is not typed
    """A drag zooms into a rectangle, or moves with Shift or the middle button; a double click resets."""

    reset_requested = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setMouseMode(pg.ViewBox.RectMode)
        self.disableAutoRange()
        self.setLimits(xMin=0, minXRange=_CLOSEST)

    def mouseDragEvent(self, ev: MouseDragEvent, axis: int | None = None) -> None:
        """Zoom or move; the right button belongs to the menu."""
        if ev.button() == Qt.MouseButton.RightButton:
            ev.ignore()
            return
        moves = ev.button() == Qt.MouseButton.MiddleButton or bool(
            ev.modifiers() & Qt.KeyboardModifier.ShiftModifier
        )
        self.state["mouseMode"] = pg.ViewBox.PanMode if moves else pg.ViewBox.RectMode
        drawn = ev.pos() - ev.buttonDownPos()
        if not moves and ev.isFinish() and min(abs(drawn.x()), abs(drawn.y())) < _SMALLEST_DRAG:
            self.rbScaleBox.hide()
            ev.accept()
            return
        super().mouseDragEvent(ev, axis)

    def mouseClickEvent(self, ev: MouseClickEvent) -> None:
        """Reset the view on a double click."""
        if ev.double() and ev.button() == Qt.MouseButton.LeftButton:
            ev.accept()
            self.reset_requested.emit()

    def showAxRect(self, ax: QRectF, **kwargs: object) -> None:
        """Show exactly the rectangle that was drawn."""
        super().showAxRect(ax, padding=0, **kwargs)

    def wheelEvent(self, ev: object, axis: int | None = None) -> None:
        """Zoom along the epochs; the heights adapt, and have their own wheel on their axis."""
        super().wheelEvent(ev, axis=0 if axis is None else axis)


class CurveCanvas(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph is not typed
    """Axes and a view.

    Signals:
        pointed: Position under the pointer; None when it has left.
        stepped: Direction of the cross-hair's next position: -1 or 1.
        zoomed: Whether the heights changed too, when the user has changed the view.
        reset_requested: The user wants to see everything.
    """

    pointed = Signal(object)
    stepped = Signal(int)
    zoomed = Signal(bool)
    reset_requested = Signal()

    def __init__(self) -> None:
        super().__init__(background=None)
        self.enableMouse(False)
        self.view = CurveView()
        self.left, self.bottom = FigureAxis(), EpochAxis()
        self.left.setGrid(150)
        layout = pg.GraphicsLayout()
        layout.setContentsMargins(0, 4, 8, 0)
        layout.setSpacing(0)
        layout.addItem(self.left, 0, 0)
        layout.addItem(self.view, 0, 1)
        layout.addItem(self.bottom, 1, 1)
        layout.layout.setRowStretchFactor(0, 1)
        layout.layout.setColumnStretchFactor(1, 1)
        for axis in (self.left, self.bottom):
            axis.linkToView(self.view)
            axis.setZValue(-1)  # the grid lies behind the curves
        self.setCentralItem(layout)
        self.view.reset_requested.connect(self.reset_requested)
        self.view.sigRangeChangedManually.connect(lambda mask: self.zoomed.emit(bool(mask[1])))

    def dress(self, tokens: Tokens) -> None:
        """Take the colours of the theme."""
        self.setBackground(QColor(tokens.surface))
        for axis in (self.left, self.bottom):
            axis.setPen(pg.mkPen(tokens.border))
            axis.setTextPen(pg.mkPen(tokens.muted))
            axis.setTickFont(self.font())
        accent = QColor(tokens.accent)
        self.view.rbScaleBox.setPen(pg.mkPen(accent))
        accent.setAlpha(40)
        self.view.rbScaleBox.setBrush(pg.mkBrush(accent))

    def columns(self) -> int:
        """Width of the view in pixels."""
        return max(int(self.view.width()), 100)

    def zoom_by(self, factor: float) -> None:
        """Show ``factor`` times as many epochs."""
        self.view.scaleBy(x=factor)
        self.zoomed.emit(False)

    def wheelEvent(self, ev: QWheelEvent) -> None:
        """Zoom when the plot has the focus or with Ctrl; else the page scrolls, as everywhere."""
        if self.hasFocus() or ev.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(ev)
            ev.accept()
        else:
            ev.ignore()

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Left and right move the cross-hair, plus and minus zoom, Home resets."""
        key = Qt.Key(ev.key())
        if key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif key in _ZOOMS:
            self.zoom_by(_ZOOMS[key])
        elif key in _RESETS:
            self.pointed.emit(None)
            self.reset_requested.emit()
        else:
            ev.ignore()

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Report the position of the pointer."""
        super().mouseMoveEvent(ev)
        place = self.mapToScene(ev.position().toPoint())
        inside = self.view.sceneBoundingRect().contains(place)
        self.pointed.emit(self.view.mapSceneToView(place).x() if inside else None)

    def leaveEvent(self, ev: QEvent) -> None:
        """Report that the pointer has left."""
        super().leaveEvent(ev)
        self.pointed.emit(None)
