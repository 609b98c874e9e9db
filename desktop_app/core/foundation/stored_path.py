"""A path inside JSON: any path of the system, also one that is not valid Unicode."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote_to_bytes, urlsplit

from pydantic import PlainSerializer, PlainValidator


def _to_path(value: object) -> Path:
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value.startswith("file:"):
        message = "not a path or file: URI"
        raise ValueError(message)
    parts = urlsplit(value)
    path = os.fsdecode(unquote_to_bytes(parts.path))
    if os.name == "nt":
        path = f"//{parts.netloc}{path}" if parts.netloc else path.lstrip("/")
    return Path(path)


StoredPath = Annotated[
    Path,
    PlainValidator(_to_path),
    PlainSerializer(lambda path: path.absolute().as_uri(), return_type=str, when_used="json"),
]
"""Written as a ``file:`` URI, in which bytes that are not UTF-8 stand as percent escapes."""
