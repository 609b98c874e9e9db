"""Fetching a picture from the web without being led anywhere else.

A host name is resolved once for each hop, every address that it resolves to is checked, and the connection
goes to exactly such an address, so that a name which changes its address in between (DNS rebinding) gains
nothing. The certificate is checked against the name. Proxy settings of the environment are not used: a proxy
would resolve the name again, out of sight.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import ExitStack
from functools import cache
from typing import Any, NamedTuple, cast
from urllib.parse import SplitResult, urljoin, urlsplit

from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.errors import LinkError, LinkTimeout, PrivateHostError
from desktop_app.core.images.decoding.sniff import HEAD_BYTES, WEB_PAGE, other_kind, picture_format
from desktop_app.core.images.links import wire
from desktop_app.core.images.links.addresses import is_public

MAX_BYTES = 32_000_000
MAX_REDIRECTS = 5
CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 60.0
"""For all hops and the body together."""

_MAX_ADDRESSES = 4
_CHUNK = 1 << 16
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHECK_LINK = "Check the link, or save the picture in the browser and add the file."

_STATUS_REASONS = {
    401: "The server gives this only to people who are signed in.",
    403: "The server does not give this to programs.",
    404: "There is nothing at this link.",
    410: "There is nothing at this link any more.",
    429: "The server wants fewer requests.",
}


class _Target(NamedTuple):
    """A link, taken apart."""

    scheme: str
    host: str
    port: int
    path: str


def fetch_link(url: str, *, allow_private_hosts: bool = False, cancel: CancelToken = NEVER) -> bytes:
    """Fetch what a link leads to.

    Args:
        url: An ``http`` or ``https`` address.
        allow_private_hosts: Whether to connect to this computer and the local network, too.
        cancel: Token checked before every wait and every tenth of a second during one; only resolving a name
            cannot be interrupted.

    Returns:
        The file, 1 to `MAX_BYTES` bytes; it begins like a picture or like something unknown, not like a
        web page.

    Raises:
        LinkTimeout: The server took longer than `CONNECT_SECONDS` to accept or `TOTAL_SECONDS` in all.
        LinkError: The link is refused or does not deliver a picture.
        Cancelled: The user cancelled.
    """
    patience = wire.Patience(TOTAL_SECONDS, cancel)
    for _hop in range(MAX_REDIRECTS + 1):
        target = _take_apart(url)
        link = _connect(target, allow_private_hosts, patience)
        try:
            answer = _ask(link, target)
            location = answer.getheader("Location")
            if answer.status not in _REDIRECTS or not location:
                return _read_body(answer)
            url = urljoin(url, location.encode("latin-1").decode("utf-8", "replace"))
        except (http.client.HTTPException, OSError, ValueError) as error:
            raise LinkError("The server's answer is incomplete or makes no sense.", _CHECK_LINK) from error
        finally:
            link.hang_up()
    raise LinkError(f"The link redirects more than {MAX_REDIRECTS} times.", _CHECK_LINK)


def _take_apart(url: str) -> _Target:
    """Accept only links that every program reads alike; the others are used to smuggle in another host."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna" if not (parts.hostname or "").isascii() else "ascii")
    except ValueError as error:  # UnicodeError included
        raise LinkError("This is not a valid link.", _CHECK_LINK) from error
    if parts.scheme not in _PORTS:
        raise LinkError("Only links that begin with http:// or https:// can be opened.", _CHECK_LINK)
    unclear = "\\" in url or not url.isprintable() or any(sign in parts.netloc for sign in "@% ")
    if unclear or not host or len(host) > 253 or port == 0:
        raise LinkError("The link's host name is unclear.", _CHECK_LINK)
    return _Target(parts.scheme, host.decode("ascii"), port or _PORTS[parts.scheme], _request_path(parts))


def _request_path(parts: SplitResult) -> str:
    """Path and query as they go into the request: visible ASCII, the rest percent-encoded as UTF-8."""
    text = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    octets = text.encode("utf-8", "replace")
    return "".join(chr(octet) if 32 < octet < 127 else f"%{octet:02X}" for octet in octets)


def _addresses(target: _Target, allow_private_hosts: bool) -> list[tuple[int, Any]]:
    """Resolve the host, once, and refuse it when only one of its addresses is not public."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise LinkError(f"The address of {target.host} cannot be found.", _CHECK_LINK) from error
    if not allow_private_hosts and not all(is_public(str(entry[4][0])) for entry in found):
        raise PrivateHostError(
            f"The link leads to {target.host}, which is in a private network or on this computer.",
            "Allow private hosts in Preferences (or with --allow-private-hosts) if you trust this link.",
        )
    return [(family, address) for family, _type, _protocol, _name, address in found[:_MAX_ADDRESSES]]


def _connect(target: _Target, allow_private_hosts: bool, patience: wire.Patience) -> wire.Wire:
    """Connect to the first address that accepts, and encrypt if the link says so."""
    problem: Exception | None = None
    for family, address in _addresses(target, allow_private_hosts):
        try:
            connected = wire.connect(family, address, patience.at_most(CONNECT_SECONDS))
        except (OSError, LinkTimeout) as error:
            problem = error
            patience.check()
        else:
            link = wire.Wire(connected, patience)
            if target.scheme == "https":
                _encrypt(link, target)
            return link
    if isinstance(problem, LinkTimeout):
        raise problem
    raise LinkError(f"No connection to {target.host}.", "Check the connection and try again.") from problem


def _encrypt(link: wire.Wire, target: _Target) -> None:
    """Start TLS with a check of the certificate against the host name; the link is closed on failure."""
    with ExitStack() as failing:
        failing.callback(link.hang_up)
        try:
            link.start_tls(_tls_context(), target.host)
        except ssl.SSLCertVerificationError as error:
            reason = f"{target.host} cannot prove that it is {target.host}."
            raise LinkError(reason, "Do not trust this link.") from error
        except (OSError, ValueError) as error:  # ssl.SSLError included; ValueError: a name TLS cannot carry
            raise LinkError(f"No secure connection to {target.host}.", _CHECK_LINK) from error
        failing.pop_all()


@cache
def _tls_context() -> ssl.SSLContext:
    """The system's certificates, and certifi's for systems that keep theirs where Python cannot look."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _ask(link: wire.Wire, target: _Target) -> http.client.HTTPResponse:
    """Send the request over the open connection and read the head of the answer."""
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.default_port = _PORTS[target.scheme]  # left out of the Host header
    connection.sock = cast("socket.socket", link)
    headers = {
        "User-Agent": "Sightline",
        "Accept": "image/*",
        "Accept-Encoding": "identity",  # nothing that unpacks to more than it weighs
        "Connection": "close",
    }
    connection.request("GET", target.path, headers=headers)
    return connection.getresponse()


def _read_body(answer: http.client.HTTPResponse) -> bytes:
    """Read the body, up to the limit, and only as long as it can be a picture."""
    if answer.status != http.HTTPStatus.OK:
        reason = _STATUS_REASONS.get(answer.status, "The server has a problem or refuses.")
        raise LinkError(f"{reason} (The server answered {answer.status}.)", _CHECK_LINK)
    if answer.getheader("Content-Encoding", "identity").strip().lower() not in {"identity", ""}:
        raise LinkError("The server packs its answer although it was asked not to.", _CHECK_LINK)
    if answer.length is not None and answer.length > MAX_BYTES:
        raise _too_large()
    data = bytearray()
    while chunk := answer.read(_CHUNK):
        data += chunk
        if len(data) > MAX_BYTES:
            raise _too_large()
        if len(data) == len(chunk):
            _refuse_web_page(chunk)
    if answer.length:
        raise LinkError("The connection was lost before the picture was complete.", "Try again.")
    if not data:
        raise LinkError("The server sent nothing.", _CHECK_LINK)
    return bytes(data)


def _refuse_web_page(beginning: bytes) -> None:
    head = beginning[:HEAD_BYTES]
    if picture_format(head) is None and other_kind(head) is WEB_PAGE:
        raise LinkError("The link leads to a web page, not to a picture.", "Copy the picture's own address.")


def _too_large() -> LinkError:
    return LinkError(
        f"What the link leads to is larger than {MAX_BYTES // 1_000_000} MB.",
        "Save the picture in the browser and add the file.",
    )
