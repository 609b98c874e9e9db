"""What the disk says, in words: sizes, free space and failures."""

from __future__ import annotations

import contextlib
import errno
import shutil
from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.text import printable, readable_size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def free_space(folder: Path) -> int:
    """Bytes that this user may still write where ``folder`` lies or will be created.

    Raises:
        OSError: The disk does not respond.
    """
    place = folder.absolute()
    while not place.is_dir() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free


def require_space(folder: Path, needed: int) -> None:
    """Check, before work starts, that ``needed`` more bytes fit where ``folder`` lies.

    Raises:
        StorageError: They do not fit; the sentence names both numbers.
    """
    with storage_errors(folder):
        free = free_space(folder)
    if free < needed:
        raise _no_space(folder, needed, free)


@contextlib.contextmanager
def storage_errors(path: Path, needed: int | None = None, *, verb: str = "written") -> Iterator[None]:
    """Turn what the system says about writing (or reading) ``path`` into a sentence.

    Args:
        path: The file or folder being written.
        needed: Its size in bytes, named when the disk is full; None when it is not known.
        verb: Past participle of what was being done to it.

    Raises:
        StorageError: Instead of any OSError of the body.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            free = None
            with contextlib.suppress(OSError):
                free = free_space(path.parent)
            raise _no_space(path, needed, free) from error
        reason = error.strerror or str(error)
        advice = "Check that the folder exists and the disk is still connected."
        if error.errno in _FORBIDDEN:
            advice = where_instead(path)
        raise StorageError(f"{printable(str(path))} cannot be {verb}: {reason}.", advice) from error


def where_instead(path: Path) -> str:
    """Advise what to do about a file that this user may not write or read.

    Args:
        path: The file. For one that Sightline keeps for itself, nobody was asked to choose a folder.
    """
    home = paths.home()
    if not path.absolute().is_relative_to(home):
        return "Choose a place that you may use."
    return (
        f"Give yourself the right to use Sightline's folder {printable(str(home))}, or have it elsewhere: "
        "set SIGHTLINE_HOME to another folder and start Sightline again."
    )


def _no_space(path: Path, needed: int | None, free: int | None) -> StorageError:
    size = "more" if needed is None else readable_size(needed)
    left = "" if free is None else f", {readable_size(free)} free"
    return StorageError(
        f"The disk is too full for {printable(str(path))}: {size} needed{left}.",
        "Make room on the disk and try again; nothing that was there before is changed.",
    )
