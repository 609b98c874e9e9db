"""The picture in a JSON body: behind a link, or as base64 in one of the ways that other services take it."""

from __future__ import annotations

import binascii
import re
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from desktop_app.core.foundation.text import printable
from desktop_app.core.images.sources import DataSource, LinkSource
from desktop_app.core.service.json_body import EXAMPLE
from desktop_app.core.service.limits import MAX_BODY_BYTES, MAX_JSON_BYTES
from desktop_app.core.service.refusals import SEE_DOCS, Refusal

PICTURE_NAME = "the request's picture"

_LINKS = ("url", "image_url")
_STEPS = (
    *_LINKS,
    *("image", "image_bytes", "imagebytes", "image_data", "img", "b64", "base64", "content", "data"),
    *("inputs", "instances", "requests", "payload"),
)
"""Members, in lower case, that lead to the picture: ours, and those of Lobe, TF Serving and others."""

_DEEPEST = 6
_DATA_ADDRESS = re.compile(r"data:[^,]{0,200},", re.IGNORECASE)
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_SPACES = b" \t\r\n"
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/]")
_ENCODE = "Encode the bytes of the picture's file as base64, and send nothing else in that member."


def picture_in(document: Any) -> LinkSource | DataSource:
    """Find the one picture in a parsed body.

    Raises:
        Refusal: 400, there is none, or its base64 is invalid; 413, it is too large; 422, there are several,
            or a member has another type.
    """
    node, name = document, ""
    for _ in range(_DEEPEST):
        if isinstance(node, list) and name:
            node = _only(node, name)
        elif isinstance(node, dict):
            name, node = _step(node)
        else:
            break
    if isinstance(node, str) and name:
        return _from_text(node, name)
    if not name:
        raise Refusal(400, "The JSON is no object with a picture in it.", EXAMPLE)
    raise Refusal(422, f"The member '{printable(name)}' must be a string.", SEE_DOCS)


def _step(node: dict[str, Any]) -> tuple[str, Any]:
    """Choose the member that leads to the picture."""
    known = [(key, value) for key, value in node.items() if key.casefold() in _STEPS]
    # A model of TF Serving may have any name for its input; what it holds says enough.
    known = known or [
        (key, value) for key, value in node.items() if isinstance(value, dict) and "b64" in value
    ]
    if not known:
        raise Refusal(400, "The JSON has neither 'image' nor 'url'.", EXAMPLE)
    known = [(key, value) for key, value in known if value is not None] or known
    if len(known) > 1:
        both = f"'{printable(known[0][0])}' and '{printable(known[1][0])}'"
        raise Refusal(422, f"The JSON has both {both}.", "Send one picture a request.")
    return known[0]


def _only(node: list[Any], name: str) -> Any:
    """Unpack a list of one picture."""
    leaf: Any = node
    while isinstance(leaf, list) and leaf:
        leaf = leaf[0]
    if isinstance(leaf, int | float):
        raise Refusal(
            422,
            f"The member '{printable(name)}' holds numbers, not a picture's file.",
            "Send the file as base64: the service scales pictures itself.",
        )
    if len(node) != 1:
        raise Refusal(
            422,
            f"The member '{printable(name)}' holds {len(node):,} pictures.",
            "Send one picture a request.",
        )
    return node[0]


def _from_text(text: str, name: str) -> LinkSource | DataSource:
    address = _DATA_ADDRESS.match(text)
    if address is not None:
        payload = text[address.end() :]
        if not address[0].lower().endswith(";base64,"):
            return _picture(unquote_to_bytes(payload))
        return _picture(_decoded(unquote(payload) if "%" in payload else payload, name))
    if name.casefold() in _LINKS:
        if len(text) > MAX_JSON_BYTES:
            raise Refusal(
                413, f"The link has more than {MAX_JSON_BYTES:,} characters.", "Send the picture itself."
            )
        return LinkSource(text)
    if text[:8].lower().startswith(("http://", "https://")):
        raise Refusal(422, f"The member '{printable(name)}' is a link.", "Send a link as 'url'.")
    return _picture(_decoded(text, name))


def _decoded(text: str, name: str) -> bytes:
    """Decode base64 of either alphabet, with or without line breaks and padding.

    Raises:
        Refusal: 400, it is not base64.
    """
    what = f"The base64 of '{printable(name)}'"
    data = text.encode("ascii", "replace").translate(_URL_SAFE, _SPACES).rstrip(b"=")
    found = _FOREIGN.search(data)
    if found is not None:
        python = " In Python, end it with .decode()." if data[:2] in {b"b'", b'b"'} else ""
        sign = "a character outside ASCII" if found[0] == b"?" else f"'{printable(found[0].decode())}'"
        raise Refusal(400, f"{what} is not valid: it has {sign} in it.", f"{_ENCODE}{python}")
    if not data:
        raise Refusal(400, f"The member '{printable(name)}' is empty.", _ENCODE)
    if len(data) % 4 == 1:
        raise Refusal(400, f"{what} is incomplete.", _ENCODE)
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


def _picture(data: bytes) -> DataSource:
    if len(data) > MAX_BODY_BYTES:
        raise Refusal(
            413, f"The picture has more than {MAX_BODY_BYTES // 1_000_000} MB.", "Save the picture smaller."
        )
    return DataSource(PICTURE_NAME, data)
