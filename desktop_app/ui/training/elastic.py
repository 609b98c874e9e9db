"""A frame that needs only the least height of its content, and takes all that it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


class Elastic(QWidget):
    """Holds plots on a page that scrolls: they prefer much height, but must not make the page scroll.

    It has no layout on purpose: a layout would request what its content prefers.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        content.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """The least size."""
        return self._content.minimumSizeHint().expandedTo(self._content.minimumSize())

    def minimumSizeHint(self) -> QSize:
        """The least size."""
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        """The least height at which texts that wrap still fit."""
        layout = self._content.layout()
        wrapped = layout.minimumHeightForWidth(width) if layout is not None else -1
        return max(self.sizeHint().height(), wrapped)

    def event(self, event: QEvent) -> bool:
        """Pass on that the content needs another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give all of it to the content."""
        super().resizeEvent(event)
        self._content.setGeometry(self.rect())
