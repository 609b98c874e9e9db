"""A web server on the loopback address, whose behaviour each test writes as one function."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Handle = Callable[[BaseHTTPRequestHandler], None]
"""Responds to one GET or HEAD request, well or badly, through the standard library's handler object."""


def respond(
    request: BaseHTTPRequestHandler,
    body: bytes = b"",
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> None:
    """Send a whole, honest response; `headers` may override the true Content-Length with a lie."""
    request.send_response(status)
    for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
        request.send_header(name, value)
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)


class LocalServer:
    """Responds to requests in threads of its own until it is closed.

    Attributes:
        url: Address of the server without a trailing slash.
        requests: Method, path and headers (lower-case names) of every request so far.
    """

    def __init__(self, handle: Handle) -> None:
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self._server = _Server(("127.0.0.1", 0), _handler_class(handle, self.requests))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="local server")
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that the system chose."""
        return self._server.server_port

    def close(self) -> None:
        """Stop, after the responses in progress; calling it again is harmless."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # server_close() waits for the responses in progress.

    def handle_error(self, request, client_address) -> None:
        # A client that hangs up in the middle is what many tests are about.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _handler_class(handle: Handle, requests: list) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
            handle(self)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    return Handler
