"""Ctrl+C and the system's request to end, while a network is trained."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from typing import TYPE_CHECKING, Any

from desktop_app.commands import INTERRUPTED
from desktop_app.core.foundation.cancellation import CancelSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import Self

    from desktop_app.core.training.loop.control import TrainingControl

TERMINATED = 128 + signal.SIGTERM
"""Exit status after the system's request to end."""

_BYTE_SECONDS = 0.05
"""Seconds that the byte of a signal may arrive after the signal, if it came to another thread."""

_NOTHING_YET = "\nEnding; nothing has been trained yet.\n"
_STOPPING = "\nStopping; the best epoch so far is kept. Press Ctrl+C again to discard the run.\n"
_CANCELLING = "\nDiscarding the run.\n"
_ENDING = "\nEnding; the run can be resumed.\n"


class Interrupts:
    """Takes signals from the first moment of a command to its last, and hands them to what is under way.

    No exception is raised where a signal happens to arrive: libraries that are just being imported may
    swallow it and stay half made. The third Ctrl+C alone ends the command the usual way, whatever it is at.

    Every press counts, also when several come while one call of TensorFlow keeps Python from taking
    notice: the system's own handler writes a byte for each.

    Attributes:
        token: The token that signals before the fit cancel.
    """

    def __init__(self) -> None:
        self._before_fit = CancelSource()
        self.token = self._before_fit.token
        self._presses = 0
        self._terminated = False
        self._fit: TrainingControl | None = None
        self._over = False
        self._restore = contextlib.ExitStack()

    @property
    def status(self) -> int:
        """The exit status of a command that a signal ended."""
        return TERMINATED if self._terminated else INTERRUPTED

    def __enter__(self) -> Self:
        """Take over the signals, except those that whoever started the process had ignored."""
        reader, writer = socket.socketpair()
        for end in (reader, writer):
            self._restore.enter_context(end)
        reader.settimeout(_BYTE_SECONDS)
        writer.setblocking(False)
        self._bytes = reader
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        self._restore.callback(signal.set_wakeup_fd, before)
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if handler not in {signal.SIG_IGN, None}:  # as a shell ignores Ctrl+C for its background jobs
                signal.signal(number, self._on_signal)
                self._restore.callback(signal.signal, number, handler)
        return self

    def __exit__(self, *_error: object) -> None:
        """Restore the handlers."""
        self._restore.close()

    @contextlib.contextmanager
    def steering(self, fit: TrainingControl) -> Iterator[None]:
        """Pass signals to a fit during the body; later ones change nothing."""
        self._fit = fit
        self._steer()  # signals since the token was checked
        try:
            yield
        finally:
            self._fit, self._over = None, True

    def _on_signal(self, _number: int, _frame: FrameType | Any) -> None:
        received = b""
        with contextlib.suppress(OSError):  # one call may have handled several bytes
            received = self._bytes.recv(4096)
        for number in received:
            if not self._over:
                self._take(number)

    def _take(self, number: int) -> None:
        first = not self._presses and not self._terminated
        if number == signal.SIGTERM:
            self._terminated = True
        elif number == signal.SIGINT:
            self._presses += 1
            if self._presses > 2:
                raise KeyboardInterrupt
        if self._fit is None:
            if first:  # a second call might find the first one within its lock
                _say(_NOTHING_YET)
                self._before_fit.cancel()
            return
        _say(_ENDING if number == signal.SIGTERM else _STOPPING if self._presses == 1 else _CANCELLING)
        self._steer()

    def _steer(self) -> None:
        if self._fit is not None:
            if self._terminated:
                self._fit.interrupt()
            if self._presses:
                self._fit.stop()
            if self._presses > 1:
                self._fit.cancel()


def _say(text: str) -> None:
    """Write to standard error past Python's buffers, which a signal may have interrupted half-way."""
    with contextlib.suppress(OSError):
        os.write(2, text.encode())
