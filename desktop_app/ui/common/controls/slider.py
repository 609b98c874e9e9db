"""A slider on a page that scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QMouseEvent, QWheelEvent


class Slider(QSlider):
    """A horizontal slider: the wheel scrolls past it, and a click moves the handle to the pointer."""

    def __init__(self, name: str) -> None:
        """``name`` is the accessible name."""
        super().__init__(Qt.Orientation.Horizontal)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # else the wheel, scrolling past, takes the keyboard

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle to the pointer, which can then drag it on."""
        if event.button() == Qt.MouseButton.LeftButton:
            groove, handle = self._part(groove=True), self._part(groove=False)
            place = event.position().toPoint()
            if not handle.contains(place):
                room = groove.width() - handle.width()
                at = place.x() - groove.x() - handle.width() // 2
                self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, room))
        super().mousePressEvent(event)

    def _part(self, *, groove: bool) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control = QStyle.SubControl.SC_SliderGroove if groove else QStyle.SubControl.SC_SliderHandle
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, control, self)
