"""Waitress, with errors as JSON, patience that ends, and a way to stop that loses no request."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask
from waitress.wasyncore import dispatcher

from desktop_app.core.service.guards import HEADERS
from desktop_app.core.service.limits import IDLE_SECONDS, MAX_JSON_BODY_BYTES, REQUEST_SECONDS
from desktop_app.core.service.refusals import Refusal

_LINGER_SECONDS = 2.0
_LINGER_BYTES = 2 * MAX_JSON_BODY_BYTES


class _JsonErrorTask(ErrorTask):  # type: ignore[misc]
    """Answers requests that waitress refuses by itself: malformed, too large, or with too long headers."""

    def execute(self) -> None:
        refusal = Refusal.of_status(self.request.error.code)
        body = refusal.answer().model_dump_json().encode()
        self.status = f"{self.request.error.code} {self.request.error.reason}"
        self.response_headers += [("Content-Type", "application/json"), *HEADERS.items()]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class LabelChannel(HTTPChannel):  # type: ignore[misc]
    """One connection.

    A client that is refused in the middle of its upload does not look for an answer before it has sent all.
    Closing the connection then would discard the answer, so what is still coming is read and dropped for a
    moment.
    """

    error_task_class = _JsonErrorTask
    close_when_flushed: bool

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._began: float | None = None
        self._refused = False
        self._linger_until: float | None = None
        self._dropped = 0
        super().__init__(*arguments, **options)

    @property
    def busy(self) -> bool:
        """Whether a request is arriving, being answered, or its answer not sent yet."""
        arriving = self.request is not None and self._linger_until is None
        return bool(self.requests or self.total_outbufs_len or arriving)

    def overdue(self, now: float) -> bool:
        """Whether a request takes too long to arrive, or a refused client to notice."""
        if self._linger_until is not None:
            return now > self._linger_until
        return self._began is not None and not self.requests and now > self._began + REQUEST_SECONDS

    def received(self, data: bytes) -> bool:
        """Take what arrived; called in the thread of the server."""
        if self._linger_until is not None:
            self._dropped += len(data)
            if self._dropped > _LINGER_BYTES or time.time() > self._linger_until:
                self.will_close = True
            return False
        taken = bool(super().received(data))
        if self.request is None:
            self._began = None
        elif self._began is None:
            self._began = time.time()
        return taken

    def service(self) -> None:
        """Answer one request; called in a thread of its own."""
        request = self.requests[0]
        if request.error is not None:
            self._refused = True
        if self.server.draining:
            request.headers["CONNECTION"] = "close"
        super().service()

    def handle_write(self) -> None:
        """Send what is waiting, and close when that was the end; called in the thread of the server."""
        lingers = self._refused and self.close_when_flushed and not self.will_close
        if lingers:
            self.close_when_flushed = False
        super().handle_write()
        if not lingers or not self.connected:
            return
        if self.total_outbufs_len:
            self.close_when_flushed = True
            return
        self._linger_until = time.time() + _LINGER_SECONDS
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)


class LabelWSGIServer(TcpWSGIServer):  # type: ignore[misc]
    """Accepts connections and hands complete requests to the threads."""

    channel_class = LabelChannel
    draining = False

    def maintenance(self, now: float) -> None:
        """Close connections that are idle or too slow; called now and then."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.overdue(now):
                channel.will_close = True

    def stop_listening(self) -> None:
        """Accept no more connections; those that are open stay."""
        self.draining = True
        dispatcher.close(self)

    def close_idle(self) -> bool:
        """Close connections without a request; return whether there are others."""
        busy = False
        for channel in list(self.active_channels.values()):
            if channel.busy:
                busy = True
            else:
                channel.will_close = True
        return busy


SETTINGS = {
    "asyncore_loop_timeout": 1,
    "asyncore_use_poll": True,
    "channel_timeout": IDLE_SECONDS,
    "cleanup_interval": 2,
    "expose_tracebacks": False,
    "ident": None,
    "log_socket_errors": False,
    "max_request_body_size": MAX_JSON_BODY_BYTES + 1,  # waitress refuses from this size on
}
