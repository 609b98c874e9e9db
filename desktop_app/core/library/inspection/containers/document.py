"""Reading the JSON of a model file without letting it exhaust memory, time or the stack."""

from __future__ import annotations

import json
import re
from typing import Any

from desktop_app.core.library.inspection.containers.limits import MAX_JSON_DEPTH, MAX_JSON_VALUES
from desktop_app.core.library.inspection.containers.refusal import refuse

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NOT_STRUCTURE = bytes(set(range(256)) - set(b"[]{},"))


def parse(data: bytes, name: str) -> dict[str, Any]:
    """Parse a JSON object.

    Args:
        data: UTF-8 text, already known to be of acceptable size.
        name: Name of the archive's member, for the refusal.

    Raises:
        ModelError: It is not a JSON object, nests too deeply, has too many values or duplicate keys.
    """
    structure = _STRING.sub(b"", data).translate(None, _NOT_STRUCTURE)
    if len(structure) > MAX_JSON_VALUES:
        refuse(f"{name} has too many entries")
    depth = 0
    for character in structure:
        if character in b"[{":
            depth += 1
            if depth > MAX_JSON_DEPTH:
                refuse(f"{name} nests too deeply")
        elif character in b"]}":
            depth -= 1
    try:
        value = json.loads(data.decode(), object_pairs_hook=_unique_keys)
    except (ValueError, RecursionError):
        refuse(f"{name} is not valid JSON, or says something twice")
    if not isinstance(value, dict):
        refuse(f"{name} is not a JSON object")
    return value


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        message = "the same key twice"
        raise ValueError(message)
    return result
