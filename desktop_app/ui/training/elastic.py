"""A frame that is content with the least height of what it holds, and takes all that it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


class Elastic(QWidget):
    """For plots on a page that scrolls: they would like much, but must not make the page scroll.

    It has no layout on purpose: a layout would ask for what its contents prefer.
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
        """Likewise."""
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        """The least height at which texts that wrap still fit."""
        layout = self._content.layout()
        wrapped = layout.minimumHeightForWidth(width) if layout is not None else -1
        return max(self.sizeHint().height(), wrapped)

    def event(self, event: QEvent) -> bool:
        """Pass on that the contents need another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give all of it to the contents."""
        super().resizeEvent(event)
        self._content.setGeometry(self.rect())
