"""Ctrl+C and the system's request to end, while a network is trained."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from typing import TYPE_CHECKING, Any, Protocol

from desktop_app.commands import INTERRUPTED
from desktop_app.core.foundation.cancellation import CancelSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import Self

TERMINATED = 128 + signal.SIGTERM
"""Exit status after the system's request to end."""

_BYTE_SECONDS = 0.05
"""A signal that came to another thread may be told of a moment before its byte is here."""

_NOTHING_YET = "\nEnding; nothing has been trained yet.\n"
_STOPPING = "\nStopping; what has been learned is kept. Press Ctrl+C again to throw the run away.\n"
_CANCELLING = "\nThrowing the run away.\n"
_ENDING = "\nEnding; the run can be resumed.\n"


class Steered(Protocol):
    """What a fit lets others ask of it."""

    def stop(self) -> None:
        """End and keep what was learned."""

    def cancel(self) -> None:
        """End and throw everything away."""

    def interrupt(self) -> None:
        """End so that the work can go on later."""


class Interrupts:
    """Takes signals from the first moment of a command to its last, and hands them to what is under way.

    No exception is raised where a signal happens to arrive: libraries that are just being imported may
    swallow it and stay half made. The third Ctrl+C alone ends the command the usual way, whatever it is at.

    Every press counts, also when several come while one call of TensorFlow keeps Python from taking
    notice: the system's own handler writes a byte for each.

    Attributes:
        token: Cancelled by what comes before there is a fit.
    """

    def __init__(self) -> None:
        self._before_fit = CancelSource()
        self.token = self._before_fit.token
        self._presses = 0
        self._terminated = False
        self._fit: Steered | None = None
        self._over = False
        self._restore = contextlib.ExitStack()

    @property
    def status(self) -> int:
        """The exit status of a command that ended for what came."""
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
        """Give the signals back."""
        self._restore.close()

    @contextlib.contextmanager
    def steering(self, fit: Steered) -> Iterator[None]:
        """Hand signals to a fit during the body; those that come after it change nothing any more."""
        self._fit = fit
        self._steer()  # what came since the token was asked
        try:
            yield
        finally:
            self._fit, self._over = None, True

    def _on_signal(self, _number: int, _frame: FrameType | Any) -> None:
        received = b""
        with contextlib.suppress(OSError):  # nothing is left when one call told of several
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
