"""One connection to one checked address: it keeps a deadline and can be cancelled at any moment.

`http.client` only knows a timeout for each read, so a server that sends one byte a second would keep it busy
for hours. Here every wait is a short one, and between two of them deadline and cancel token are checked.
"""

from __future__ import annotations

import errno
import io
import os
import selectors
import socket
import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from desktop_app.core.foundation.errors import LinkTimeout

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

    from desktop_app.core.foundation.cancellation import CancelToken

_SLICE = 0.1
"""Seconds: how long a cancelled fetch may still wait."""

_UNDER_WAY = frozenset({errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY})
_T = TypeVar("_T")


class Patience:
    """The time that a fetch may take.

    Args:
        seconds: Time from now until the deadline.
        cancel: Token checked at every wait.
    """

    def __init__(self, seconds: float, cancel: CancelToken) -> None:
        self._deadline = time.monotonic() + seconds
        self._cancel = cancel

    def at_most(self, seconds: float) -> Patience:
        """Make one that ends after so many seconds, or with this one if that is earlier."""
        return Patience(min(seconds, self._deadline - time.monotonic()), self._cancel)

    def check(self) -> None:
        """Raise `Cancelled` or, after the deadline, `LinkTimeout`."""
        self._cancel.check()
        if time.monotonic() >= self._deadline:
            raise LinkTimeout("The server took too long to answer.", "Check the connection and try again.")

    def keep_trying(self, operation: Callable[[], _T]) -> _T:
        """Repeat an operation on a socket with a short timeout until it does not time out."""
        while True:
            self.check()
            try:
                return operation()
            except TimeoutError:
                continue


class Wire:
    """What `http.client.HTTPConnection` needs of a socket, with patience.

    Args:
        connected: An open socket; `hang_up` closes it.
        patience: The time that sending and receiving may take.
    """

    def __init__(self, connected: socket.socket, patience: Patience) -> None:
        connected.settimeout(_SLICE)
        self._socket = connected
        self._patience = patience

    def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Encrypt from here on.

        Raises:
            ssl.SSLError: The certificate is not valid for this host name.
        """
        wrapped = context.wrap_socket(self._socket, server_hostname=host, do_handshake_on_connect=False)
        self._socket = wrapped
        self._patience.keep_trying(wrapped.do_handshake)

    def sendall(self, data: bytes) -> None:
        """Send everything."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._patience.keep_trying(partial(self._socket.send, rest)) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Open a stream on what is received; closing it leaves the connection open."""
        return io.BufferedReader(_Received(self._socket, self._patience))

    def close(self) -> None:
        """Do nothing: http.client closes its socket before the body is read, and counts on open streams."""

    def hang_up(self) -> None:
        """Close the connection."""
        self._socket.close()


class _Received(io.RawIOBase):
    """The bytes that come in."""

    def __init__(self, connected: socket.socket, patience: Patience) -> None:
        self._socket = connected
        self._patience = patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._patience.keep_trying(partial(self._socket.recv_into, buffer))


def connect(family: int, address: Any, patience: Patience) -> socket.socket:
    """Open a TCP connection.

    Args:
        family: ``socket.AF_INET`` or ``AF_INET6``.
        address: A numeric address, as ``socket.getaddrinfo`` returns it; no name is resolved here.
        patience: The time that connecting may take.

    Raises:
        OSError: It is refused or cannot be reached.
        LinkTimeout: The server does not respond.
        Cancelled: The user cancelled.
    """
    with ExitStack() as failing:
        link = failing.enter_context(socket.socket(family, socket.SOCK_STREAM))
        link.setblocking(False)
        number = link.connect_ex(address)
        if number in _UNDER_WAY:
            with selectors.DefaultSelector() as selector:
                selector.register(link, selectors.EVENT_WRITE)
                while not selector.select(_SLICE):
                    patience.check()
            number = link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            raise OSError(number, os.strerror(number))
        failing.pop_all()
    return link
