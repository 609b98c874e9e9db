"""Two parts beside each other, or one below the other where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_SPACING = 24


class SideBySide(QWidget):
    """Both get half of the width; a hidden one leaves all of it to the other.

    Args:
        first: The widget on the left, or above.
        second: The widget on the right, or below.
        narrow: The width in pixels below which they stand one below the other.
    """

    def __init__(self, first: QWidget, second: QWidget, narrow: int = 720) -> None:
        super().__init__()
        self._narrow = narrow
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_SPACING)
        self._layout.addWidget(first, 1)
        self._layout.addWidget(second, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn when the width asks for it."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        wide = self.width() >= self._narrow
        self._layout.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
