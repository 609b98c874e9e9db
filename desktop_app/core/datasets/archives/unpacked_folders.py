"""Unpacked archives that nobody needs any more."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from typing import TYPE_CHECKING

from desktop_app.core.foundation.files import leased, sweep_leftovers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

NOTE = ".sightline-archive.json"
"""In the unpacked folder, hidden: what was left out of it. Its time of change is when the folder was used."""

KEEP_DAYS = 30
"""How long an unpacked archive stays that no run needs: whoever comes back to it need not wait again."""

_NEW = ".new"
"""What `files.sweep_leftovers` clears away when its writer was killed."""


def mark_used(folder: Path) -> None:
    """Note that an unpacked folder is used now."""
    with contextlib.suppress(OSError):
        os.utime(folder / NOTE)


def sweep_unpacked(folder: Path, needed: Callable[[], Collection[Path]]) -> int:
    """Delete what was unpacked, has not been used for `KEEP_DAYS` and is not needed; takes a while.

    Args:
        folder: Where archives are unpacked; whatever else lies in it stays.
        needed: Asked for folders to be kept whatever their age, only when there is something old.

    Returns:
        Number of folders dealt with, halves that killed writers left included. What cannot be deleted stays
        for the next time.
    """
    swept = sweep_leftovers(folder)
    oldest = time.time() - KEEP_DAYS * 86_400
    old = [path for path in _folders(folder) if _used(path) < oldest]
    if old:
        kept = {os.path.realpath(path) for path in needed()}
        for path in old:
            if not any(_is_inside(place, os.path.realpath(path)) for place in kept):
                with contextlib.suppress(OSError):
                    _delete(path)
                    swept += 1
    return swept


def _folders(folder: Path) -> Iterable[Path]:
    try:
        return [path for path in folder.iterdir() if (path / NOTE).is_file() and not path.is_symlink()]
    except OSError:
        return []


def _used(folder: Path) -> float:
    try:
        return (folder / NOTE).stat().st_mtime
    except OSError:  # gone just now
        return time.time()


def _is_inside(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder + os.sep)


def _delete(folder: Path) -> None:
    """Delete a folder so that a kill meanwhile leaves no half of it under its name.

    Raises:
        OSError: It cannot be moved aside.
    """
    with leased(folder.parent, folder) as lease:
        doomed = lease.with_suffix(_NEW)
        folder.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
