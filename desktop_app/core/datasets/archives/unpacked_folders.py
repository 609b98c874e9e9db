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
"""Hidden file in the unpacked folder: lists what was skipped; changed at each use of the folder."""

KEEP_DAYS = 30
"""Days for which an unused archive stays unpacked, so that coming back to it takes no time."""

_NEW = ".new"
"""Suffix of what `files.sweep_leftovers` removes when its writer was killed."""


def mark_used(folder: Path) -> None:
    """Note that an unpacked folder is used now."""
    with contextlib.suppress(OSError):
        os.utime(folder / NOTE)


def sweep_unpacked(folder: Path, needed: Callable[[], Collection[Path]]) -> int:
    """Delete what was unpacked, has not been used for `KEEP_DAYS` and is not needed; takes a while.

    Args:
        folder: Folder of the unpacked archives; whatever else is in it stays.
        needed: Function that returns the folders to keep whatever their age; called only when some are old.

    Returns:
        Number of folders deleted, unfinished ones of killed writers included. What cannot be deleted stays
        for the next time.
    """
    swept = sweep_leftovers(folder)
    oldest = time.time() - KEEP_DAYS * 86_400
    old = [path for path in _folders(folder) if _used(path) < oldest]
    if old:
        kept = {os.path.realpath(path) for path in needed()}
        for path in old:
            if not any(_is_inside(needed_path, os.path.realpath(path)) for needed_path in kept):
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


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def _delete(folder: Path) -> None:
    """Delete a folder so that a kill meanwhile leaves no half of it under its name.

    Raises:
        OSError: It cannot be moved aside.
    """
    with leased(folder.parent, folder) as lease:
        doomed = lease.with_suffix(_NEW)
        folder.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
