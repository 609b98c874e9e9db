"""Names of folders and files that every system takes: made from labels, and free."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 100
"""Bytes of a folder's name: file systems take 255, and copies get a number behind it."""

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""What Windows refuses; a folder may be carried there."""


def folder_name(label: str) -> str:
    """Make a name for a folder that every system takes."""
    name = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", label)).strip(" .")
    name = name.encode("utf-8", "replace")[:_MOST_BYTES].decode("utf-8", "ignore").strip(" .")
    if not name or _RESERVED.fullmatch(name):
        return f"{name}_"
    return name


class FreeNames:
    """Finds names that no file has, and gives none away twice; asks the disk once for each folder."""

    def __init__(self) -> None:
        self._taken: dict[Path, set[str]] = {}

    def take(self, folder: Path, name: str) -> Path:
        """Find the path for a file: its name, or with a number, as ``name (2).jpg``."""
        taken = self._taken.get(folder)
        if taken is None:
            taken = self._taken[folder] = _names_in(folder)
        stem, suffix = os.path.splitext(name)  # noqa: PTH122 - Path refuses some names
        free, number = name, 2
        while _key(free) in taken:
            free = f"{stem} ({number}){suffix}"
            number += 1
        taken.add(_key(free))
        return folder / free


def _names_in(folder: Path) -> set[str]:
    try:
        return {_key(name) for name in os.listdir(folder)}  # noqa: PTH208 - names, not paths
    except OSError:
        return set()


def _key(name: str) -> str:
    """What names have in common that some system takes for the same."""
    return unicodedata.normalize("NFC", name).casefold()
