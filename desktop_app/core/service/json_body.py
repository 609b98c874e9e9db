"""Reading a JSON body that may hold a whole picture as base64, within little memory.

Only what stands around the picture is parsed as JSON, and that has to be short: fifty megabytes of brackets
would take a gigabyte.
"""

from __future__ import annotations

import json
from typing import Any

from desktop_app.core.service.limits import MAX_JSON_BYTES
from desktop_app.core.service.refusals import Refusal

EXAMPLE = 'Send an object such as {"image": "<the file as base64>"} or {"url": "https://…"}.'
_LONG = 1_000
"""Characters from which on a string is taken out before the rest is parsed."""

_DECODER = json.JSONDecoder()
_MARK = "\x00"
"""Begins what stands for such a string meanwhile, followed by its number."""


def read_json(data: bytes) -> Any:
    """Parse a body.

    Raises:
        Refusal: 400, it is not JSON; 413, there is more than `MAX_JSON_BYTES` around its long strings.
    """
    try:
        if len(data) <= MAX_JSON_BYTES:
            return json.loads(data)
        rest, strings = _take_out(data.decode("latin-1"))  # a byte a character, and quotes stay quotes
        return _put_back(json.loads(rest.encode("latin-1")), strings)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise Refusal(400, "The body is not valid JSON.", EXAMPLE) from error


def _take_out(text: str) -> tuple[str, list[str]]:
    """Replace the long strings of a JSON text.

    Returns:
        The text with marks in their place, and the strings, decoded.

    Raises:
        ValueError: It is not JSON.
        Refusal: 413, too much remains.
    """
    pieces: list[str] = []
    strings: list[str] = []
    kept = position = 0
    while position < len(text):
        start = text.find('"', position)
        start = len(text) if start < 0 else start
        kept += start - position
        if kept > MAX_JSON_BYTES:
            raise _too_long()
        pieces.append(text[position:start])
        if start == len(text):
            break
        value, position = _DECODER.raw_decode(text, start)
        if len(value) > _LONG:
            pieces.append(json.dumps(f"{_MARK}{len(strings)}"))
            strings.append(value)
            kept += len(pieces[-1])
        else:
            pieces.append(text[start:position])
            kept += position - start
    return "".join(pieces), strings


def _put_back(node: Any, strings: list[str]) -> Any:
    if isinstance(node, dict):
        return {key: _put_back(value, strings) for key, value in node.items()}
    if isinstance(node, list):
        return [_put_back(value, strings) for value in node]
    if isinstance(node, str) and node.startswith(_MARK):
        number = node.removeprefix(_MARK)
        if number.isdecimal() and len(number) < 8 and int(number) < len(strings):
            return strings[int(number)]
    return node


def _too_long() -> Refusal:
    return Refusal(
        413,
        f"The JSON has more than {MAX_JSON_BYTES:,} bytes beside the picture.",
        'Send a picture\'s file as base64 text, as in {"image": "…"}, not its pixels as numbers; '
        "or send the file itself, as with: curl -F image=@picture.jpg",
    )
