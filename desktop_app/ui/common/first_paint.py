"""Reports when a window has been painted, so that heavy work may start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

PATIENCE_MS = 3000
"""A window that starts minimised or on another desktop is not painted: it must become ready all the same."""


class FirstPaint(QObject):
    """Emits `painted` once, after the window's first paint event has been handled."""

    painted = Signal()

    def __init__(self, window: QWidget, patience_ms: int = PATIENCE_MS) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start(patience_ms)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look for the paint event; it goes its way."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._timer.start(0)  # once the event loop is back, everything has been painted
        return super().eventFilter(watched, event)

    @Slot()
    def _on_timeout(self) -> None:
        self._window.removeEventFilter(self)
        self.painted.emit()
