"""Who may ask: no page of another site, nobody through a name that is not ours, nobody without the token.

A browser lets every web page send requests to this computer. Three things keep such pages away: the Host
header must be one of ours (a page whose name was rebound to 127.0.0.1 still says its own name), requests that
a browser marks as coming from elsewhere are refused, and no answer has a header that lets another page read
it.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desktop_app.core.foundation.text import printable
from desktop_app.core.service.options import is_wildcard
from desktop_app.core.service.refusals import Refusal

if TYPE_CHECKING:
    from flask import Request, Response

    from desktop_app.core.service.options import ServiceOptions

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\s:\[\]/@]+)(:(?P<port>[0-9]{1,5}))?", re.ASCII)
_HTTP_PORT = 80
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_BEARER = "Bearer "

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every response, errors included."""


class Guards:
    """Checks each request before anything else looks at it."""

    def __init__(self, options: ServiceOptions, port: int) -> None:
        """Guard a service that listens on ``port``.

        Args:
            options: Where it listens, its token and its other names.
            port: The port in use, also where the options left the choice to the system.
        """
        host = options.host.lower()
        self._names = _LOOPBACK | {f"[{host}]" if ":" in host else host}
        self._further_names = frozenset(options.allowed_hosts)
        self._any_address = is_wildcard(options.host)
        self._port = port
        self._token = options.token.encode()

    def check(self, request: Request, *, needs_token: bool, is_page: bool) -> None:
        """Let a request pass.

        Args:
            request: Only its headers are looked at.
            needs_token: No for what anybody may see, such as the page that asks for the token.
            is_page: A page may be opened by following a link on another site.

        Raises:
            Refusal: 421, 403 or 401.
        """
        self._check_host(request.headers.get("Host", ""))
        self._check_origin(request, is_page=is_page)
        if needs_token and self._token:
            self._check_token(request.headers.get("Authorization", ""))

    def _check_host(self, header: str) -> None:
        found = _HOST.fullmatch(header.lower())
        if found is not None:
            name, port = found["name"], int(found["port"] or _HTTP_PORT)
            if name in self._further_names:
                return
            if port == self._port and (name in self._names or (self._any_address and _is_address(name))):
                return
        raise Refusal(
            421,
            f"The service is not known as '{printable(header[:100])}'.",
            "Ask at the address that it printed when it started, or start it with --allowed-host.",
        )

    def _check_origin(self, request: Request, *, is_page: bool) -> None:
        opened = is_page and request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
        origin = request.headers.get("Origin")
        foreign = origin is not None and _host_of(origin) != request.headers.get("Host", "").lower()
        site = request.headers.get("Sec-Fetch-Site", "none")
        if foreign or (site not in {"same-origin", "none"} and not opened):
            raise Refusal(
                403,
                "Pages of other sites may not use this service.",
                "Open the service's own page, or ask from a program.",
            )

    def _check_token(self, header: str) -> None:
        given = header[len(_BEARER) :].strip() if header[: len(_BEARER)].lower() == _BEARER.lower() else ""
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._token):
            raise Refusal(
                401,
                "The token is wrong." if given else "The service needs a token.",
                "Send 'Authorization: Bearer' with the token that the service was started with.",
                {"WWW-Authenticate": "Bearer"},
            )


def protect(response: Response) -> None:
    """Tell browsers to keep an answer away from other pages."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _host_of(origin: str) -> str | None:
    """Name and port of an origin; None when it is none, such as that of a file (``null``)."""
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return None
    return parts.netloc if parts.scheme in {"http", "https"} else None
