"""A file behind a web server that honours Range and If-Range, and the ways in which servers fail."""

from __future__ import annotations

import hashlib
import re
import socket
import struct
import threading
from typing import TYPE_CHECKING

from desktop_app.core.library.download.published_file import PublishedFile
from tests.servers import respond

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

NAME = "weights.h5"


class FileServer:
    """Handler for `LocalServer`: serves ``content`` honestly after the misdeeds in ``plan`` are used up.

    Attributes:
        content: What is served now.
        plan: Misdeeds, one per request, taken from the front.
        half_sent: Set once half of a stalled response is out.
        released: What a stalled response waits for.
    """

    def __init__(self, content: bytes, *plan: str, etag: str = '"one"') -> None:
        self.content = content
        self.plan = list(plan)
        self.etag = etag
        self.half_sent = threading.Event()
        self.released = threading.Event()

    def published(self, url: str, *, size_known: bool = True) -> PublishedFile:
        """Describe the file as its publisher would."""
        md5 = hashlib.md5(self.content).hexdigest()
        return PublishedFile(NAME, f"{url}/{NAME}", len(self.content) if size_known else None, md5)

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        misdeed = self.plan.pop(0) if self.plan else "honest"
        getattr(self, f"_{misdeed}")(request)

    def _honest(self, request, *, headers=None) -> None:
        start = self._start(request)
        if start is None:
            respond(request, self.content, headers={"ETag": self.etag} | (headers or {}))
        elif start >= len(self.content):
            respond(request, status=416, headers={"Content-Range": f"bytes */{len(self.content)}"})
        else:
            body = self.content[start:]
            span = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
            respond(request, body, status=206, headers={"Content-Range": span, "ETag": self.etag})

    def _start(self, request) -> int | None:
        match = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        current = request.headers.get("If-Range", self.etag) == self.etag
        return int(match[1]) if match and current else None

    def _cut(self, request) -> None:
        """Half of what is left, then a closed connection."""
        self._half(request)

    def _reset(self, request) -> None:
        """Half of what is left, then a reset connection."""
        self._half(request)
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.connection.close()

    def _stall(self, request) -> None:
        """Half of what is left, then nothing until `released` is set."""
        self._half(request)
        self.half_sent.set()
        self.released.wait(120)

    def _half(self, request) -> None:
        start = self._start(request) or 0
        rest = self.content[start:]
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(rest)))
        request.send_header("ETag", self.etag)
        if start:
            span = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
            request.send_header("Content-Range", span)
        request.end_headers()
        request.wfile.write(rest[: len(rest) // 2])
        request.wfile.flush()

    def _refuse_connection(self, request) -> None:
        request.connection.shutdown(socket.SHUT_RDWR)

    def _ignore_range(self, request) -> None:
        respond(request, self.content, headers={"ETag": self.etag})

    def _no_validator(self, request) -> None:
        respond(request, self.content)

    def _unsatisfiable(self, request) -> None:
        respond(request, status=416, headers={"Content-Range": f"bytes */{len(self.content)}"})

    def _wrong_piece(self, request) -> None:
        span = f"bytes 0-{len(self.content) - 1}/{len(self.content)}"
        respond(request, self.content, status=206, headers={"Content-Range": span, "ETag": self.etag})

    def _changed(self, request) -> None:
        """Respond to the continuation with a piece of a newer file, whatever If-Range said."""
        match = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if not match:
            return self._honest(request)
        start = int(match[1])
        span = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        body = bytes(len(self.content) - start)
        return respond(request, body, status=206, headers={"Content-Range": span, "ETag": '"two"'})

    def _busy(self, request) -> None:
        respond(request, b"busy", status=503)

    def _missing(self, request) -> None:
        respond(request, b"not here", status=404)

    def _web_page(self, request) -> None:
        respond(request, b"<html>Log in</html>", headers={"Content-Type": "text/html; charset=utf-8"})

    def _too_long(self, request) -> None:
        respond(request, self.content + b"more")

    def _too_short(self, request) -> None:
        respond(request, self.content[:-10])

    def _says_too_much(self, request) -> None:
        """Promise more than is sent."""
        respond(request, self.content, headers={"Content-Length": str(len(self.content) + 100)})

    def _endless(self, request) -> None:
        """Send the file again and again without saying how long it is."""
        request.send_response(200)
        request.end_headers()
        for _ in range(100):
            request.wfile.write(self.content)

    def _other_content(self, request) -> None:
        """The right length, the wrong bytes."""
        respond(request, bytes(len(self.content)), headers={"ETag": self.etag})

    def _compressed(self, request) -> None:
        respond(request, self.content, headers={"Content-Encoding": "br"})

    def _redirect(self, request) -> None:
        respond(request, status=302, headers={"Location": f"/elsewhere/{NAME}"})

    def _redirect_loop(self, request) -> None:
        self.plan.insert(0, "redirect_loop")
        self._redirect(request)
