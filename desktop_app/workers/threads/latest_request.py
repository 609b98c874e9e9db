"""Requests of which only the latest matters."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot


class LatestRequest(QObject):
    """Hands one request at a time to a worker; of those that come meanwhile only the last one is kept.

    Connect ``requested`` with the worker's slot, and the signal that ends each request with `on_ended`.
    """

    requested = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: object = None
        self._busy = False

    def ask(self, request: object) -> None:
        """Hand over a request as soon as the one under way has ended."""
        self._waiting = request
        self._advance()

    def clear(self) -> None:
        """Drop the waiting request."""
        self._waiting = None

    @Slot()
    def on_ended(self) -> None:
        """Send the waiting request: the worker is free again."""
        self._busy = False
        self._advance()

    def _advance(self) -> None:
        if not self._busy and self._waiting is not None:
            self._busy = True
            request, self._waiting = self._waiting, None
            self.requested.emit(request)
