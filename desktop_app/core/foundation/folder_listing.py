"""What a folder holds, in an order, for somebody who chooses a file."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Literal

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.gc_pause import collector_resting, sorted_gently
from desktop_app.core.foundation.text import natural_key, printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from desktop_app.core.foundation.cancellation import CancelToken

SortColumn = Literal["name", "size", "modified"]

MOST_COMPLETIONS = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder.

    Attributes:
        name: The name.
        is_folder: Whether it is a folder, or a link to one.
        size: The size in bytes; 0 for folders.
        modified: The time of the last change, in seconds since 1970.
    """

    name: str
    is_folder: bool
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class ListingWish:
    """Which entries of a folder to list, and in which order.

    Attributes:
        folder: The folder.
        patterns: The patterns, such as ``*.jpg``, of which a file's name must match one, whatever the case.
        folders_only: Whether to list no files.
        hidden: Whether to list what begins with a dot.
        sort: The column to sort by; folders come first in any case.
        descending: Whether the largest comes first.
    """

    folder: Path
    patterns: tuple[str, ...] = ("*",)
    folders_only: bool = False
    hidden: bool = False
    sort: SortColumn = "name"
    descending: bool = False


_KEYS: dict[SortColumn, Callable[[Entry], Any]] = {
    "name": lambda entry: natural_key(entry.name),
    "size": lambda entry: entry.size,
    "modified": lambda entry: entry.modified,
}


def list_entries(wish: ListingWish, cancel: CancelToken) -> tuple[Entry, ...]:
    """List a folder.

    Raises:
        SightlineError: It cannot be read.
        Cancelled: The user looks elsewhere by now.
    """
    found: list[Entry] = []
    patterns = tuple(pattern.lower() for pattern in wish.patterns)
    try:
        with collector_resting(), os.scandir(wish.folder) as entries:
            for entry in entries:
                cancel.check()
                if entry.name.startswith(".") and not wish.hidden:
                    continue
                seen = _look_at(entry)
                if seen.is_folder or (not wish.folders_only and _matches(entry.name, patterns)):
                    found.append(seen)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name is possible"
        raise SightlineError(
            f"{printable(str(wish.folder))} cannot be listed: {reason}.", "Choose another folder."
        ) from error
    ordered = sorted_gently(found, _KEYS[wish.sort])
    if wish.descending:
        ordered.reverse()
    cancel.check()
    return (*(one for one in ordered if one.is_folder), *(one for one in ordered if not one.is_folder))


def complete(typed: str, folders_only: bool, cancel: CancelToken) -> tuple[str, ...]:
    """Complete a path that somebody is typing, whatever the case of its last part.

    Returns:
        Paths that begin with what was typed, `MOST_COMPLETIONS` at most; folders end in a separator.

    Raises:
        Cancelled: The user has typed on.
    """
    head, tail = os.path.split(typed)
    folder = os.path.expanduser(head)  # noqa: PTH111 - Path.expanduser raises for an unknown user
    found: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                cancel.check()
                if not entry.name.casefold().startswith(tail.casefold()):
                    continue
                if entry.name.startswith(".") and not tail.startswith("."):
                    continue
                seen = _look_at(entry)
                if seen.is_folder or not folders_only:
                    found.append(os.path.join(head, entry.name) + (os.sep if seen.is_folder else ""))  # noqa: PTH118
    except (OSError, ValueError):
        return ()
    return tuple(sorted_gently(found, natural_key)[:MOST_COMPLETIONS])


def _look_at(entry: os.DirEntry[str]) -> Entry:
    try:
        status = entry.stat()
    except OSError:  # a link that leads nowhere
        return Entry(entry.name, is_folder=False, size=0, modified=0.0)
    is_folder = stat.S_ISDIR(status.st_mode)
    return Entry(entry.name, is_folder, 0 if is_folder else status.st_size, status.st_mtime)


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(pattern == "*" or fnmatch(name.lower(), pattern) for pattern in patterns)
