"""A combo box that draws its own arrow, so that it is sharp and follows the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate

from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionComboBox

_ARROW = 16
_INSET = 4
_AROUND = 2
"""Pixels that Qt keeps free around the text in its field."""


class Picker(QComboBox):
    """Looks like the buttons beside it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # else the wheel, scrolling past, takes the keyboard
        self.setItemDelegate(QStyledItemDelegate(self))  # the only one that follows the stylesheet

    def showPopup(self) -> None:
        """Leave room around the list, which would cover the left and right edge of the popup's frame."""
        self.view().window().setContentsMargins(_INSET, 0, _INSET, 0)
        super().showPopup()

    def sizeHint(self) -> QSize:
        """Leave the widest entry all the room that it needs; Qt does not count what it keeps free around."""
        return super().sizeHint() + QSize(_AROUND, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what lies around: scrolling past must not choose another entry."""
        event.ignore()

    def shown_text(self) -> str:
        """The current entry, shortened to the room that it has."""
        from PySide6.QtWidgets import QStyleOptionComboBox

        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return self._shortened(option)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box with its entry, then the arrow."""
        tokens = tokens_of(self.palette())
        if self.currentText():
            self._paint_box()
        else:
            super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.width() - _ARROW - 8, (self.height() - _ARROW) / 2, _ARROW, _ARROW)
        paint_icon(painter, "chevron-down", tokens.muted if self.isEnabled() else tokens.outline, place)

    def _paint_box(self) -> None:
        # Qt's classes for styles have many names and take 10 ms, for which an empty window does not wait.
        from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QStylePainter

        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self._shortened(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _shortened(self, option: QStyleOptionComboBox) -> str:
        """With an ellipsis, where Qt would cut through a letter."""
        from PySide6.QtWidgets import QStyle

        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, part, self).width() - _AROUND
        return self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
