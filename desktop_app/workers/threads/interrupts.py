"""Ctrl+C in the terminal and the system's request to end, as a signal in the GUI thread."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

if TYPE_CHECKING:
    from types import FrameType


class Interrupts(QObject):
    """Turns SIGINT and SIGTERM into `interrupted`; the second one ends the process the usual way.

    Python runs its signal handlers between two byte codes only, and Qt's event loop is none. So the
    system has to write the signal's number into a pipe, which wakes the event loop.
    """

    interrupted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        assert threading.current_thread() is threading.main_thread()
        self._ends = _SocketEnds() if sys.platform == "win32" else _PipeEnds()
        self._notifier = QSocketNotifier(self._ends.receiver, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        self._wakeup_before = signal.set_wakeup_fd(self._ends.sender)
        self._before = {number: signal.signal(number, _note) for number in (signal.SIGINT, signal.SIGTERM)}

    def close(self) -> None:
        """Restore the handlers; call it once."""
        self._restore()
        signal.set_wakeup_fd(self._wakeup_before)
        self._notifier.setEnabled(False)
        self._ends.close()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @Slot()
    def _on_activated(self) -> None:
        for number in self._ends.read():
            if number in self._before:
                self._restore()
                self.interrupted.emit(number)
                return


class _PipeEnds:
    """A pipe that never blocks; Python's sockets bring 20 modules, for which the window would wait."""

    def __init__(self) -> None:
        self.receiver, self.sender = os.pipe()
        os.set_blocking(self.receiver, False)
        os.set_blocking(self.sender, False)

    def read(self) -> bytes:
        return os.read(self.receiver, 256)

    def close(self) -> None:
        os.close(self.receiver)
        os.close(self.sender)


class _SocketEnds:
    """Two sockets in the place of a pipe, on Windows, where Qt watches sockets only."""

    def __init__(self) -> None:
        import socket

        self._receiver, self._sender = socket.socketpair()
        self._receiver.setblocking(False)
        self._sender.setblocking(False)
        self.receiver, self.sender = self._receiver.fileno(), self._sender.fileno()

    def read(self) -> bytes:
        return self._receiver.recv(256)

    def close(self) -> None:
        self._receiver.close()
        self._sender.close()


def _note(_number: int, _frame: FrameType | None) -> None:
    """Stands in for Python's own handler, which would raise wherever the interpreter happens to be."""
