"""What a folder holds, in an order, for somebody who chooses a file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from fnmatch import translate
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
        size: The size in bytes; 0 for folders, and where it is not known yet.
        modified: The time of the last change, in seconds since 1970; 0 where it is not known yet.
    """

    name: str
    is_folder: bool
    size: int = 0
    modified: float = 0.0


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
    "size": lambda entry: entry.size,
    "modified": lambda entry: entry.modified,
}


def list_entries(
    wish: ListingWish, cancel: CancelToken, on_progress: Callable[[tuple[Entry, ...]], object]
) -> tuple[Entry, ...]:
    """List a folder.

    Args:
        wish: What to list.
        cancel: Token checked at every entry.
        on_progress: Receiver of all entries without size and time, already in order, where names are sorted:
            a network may take long for the rest.

    Returns:
        All entries; where `on_progress` was called, the same in the same order.

    Raises:
        SightlineError: It cannot be read.
        Cancelled: The user looks elsewhere by now.
    """
    found: list[tuple[str, bool]] = []
    matches = re.compile("|".join(translate(pattern) for pattern in wish.patterns), re.IGNORECASE).match
    try:
        with collector_resting(), os.scandir(wish.folder) as entries:
            for entry in entries:
                cancel.check()
                if entry.name.startswith(".") and not wish.hidden:
                    continue
                is_folder = _is_folder(entry)
                if is_folder or (not wish.folders_only and matches(entry.name)):
                    found.append((entry.name, is_folder))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name is possible"
        raise SightlineError(
            f"{printable(str(wish.folder))} cannot be listed: {reason}.", "Choose another folder."
        ) from error
    with collector_resting():
        if wish.sort == "name":
            ordered = sorted_gently(found, lambda each: natural_key(each[0]))
            named = _folders_first(
                [Entry(name, is_folder) for name, is_folder in ordered], descending=wish.descending
            )
            on_progress(named)
            return tuple(_with_facts(wish.folder, entry, cancel) for entry in named)
        entries_found = [_with_facts(wish.folder, Entry(*each), cancel) for each in found]
        key = _KEYS[wish.sort]
        return _folders_first(sorted_gently(entries_found, key), descending=wish.descending)


def _folders_first(ordered: list[Entry], *, descending: bool) -> tuple[Entry, ...]:
    if descending:
        ordered.reverse()
    return (*(one for one in ordered if one.is_folder), *(one for one in ordered if not one.is_folder))


def _with_facts(folder: Path, entry: Entry, cancel: CancelToken) -> Entry:
    cancel.check()
    try:
        status = os.stat(os.path.join(folder, entry.name))  # noqa: PTH116, PTH118 - quicker
    except OSError:  # a link that leads nowhere
        return entry
    return Entry(entry.name, entry.is_folder, 0 if entry.is_folder else status.st_size, status.st_mtime)


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
                is_folder = _is_folder(entry)
                if is_folder or not folders_only:
                    found.append(os.path.join(head, entry.name) + (os.sep if is_folder else ""))  # noqa: PTH118
    except (OSError, ValueError):
        return ()
    return tuple(sorted_gently(found, natural_key)[:MOST_COMPLETIONS])


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle
        return False
