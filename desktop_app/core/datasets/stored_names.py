"""Paths inside a data folder, as files that are kept about it write them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes, unquote_to_bytes

if TYPE_CHECKING:
    from pathlib import Path


def stored_name(path: Path, folder: Path) -> str:
    """Write a path like that of a URI, so that any name fits; relative to the folder where it is inside."""
    inside = path.relative_to(folder) if path.is_relative_to(folder) else path
    return quote_from_bytes(os.fsencode(inside.as_posix()), safe="/ ")


def path_of(name: str, folder: Path) -> Path:
    """Read what `stored_name` wrote."""
    return folder / os.fsdecode(unquote_to_bytes(name))
