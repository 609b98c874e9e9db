"""Every file below a class folder, each folder once whatever links lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import FileProblem
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.images.folders import (
    PICTURE_EXTENSIONS,
    folder_problem,
    list_folder,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken

Identity = tuple[int, int]
"""Device and inode: the same for a folder and for every link to it."""


def walk(
    folder: Path,
    seen: set[Identity],
    cancel: CancelToken,
    on_problem: Callable[[FileProblem], None],
) -> Iterator[Path]:
    """Walk through a folder, its files first, then its sub-folders, each in natural order.

    Args:
        folder: The folder to walk through.
        seen: Folders that are not entered; every folder that was entered is added.
        cancel: Token checked at every file.
        on_problem: Callback for each folder that cannot be read, and for empty ones with a picture's name.

    Yields:
        Everything that is neither hidden nor the system's nor a folder, links and pipes included.

    Raises:
        Cancelled: The user cancelled.
    """
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            files, folders = list_folder(current, seen)
        except (OSError, ValueError) as error:
            on_problem(FileProblem(current, folder_problem(error).reason))
            continue
        if not files and not folders and current.suffix.lower() in PICTURE_EXTENSIONS:
            reason = Reason("This is a folder, not a picture, despite its name.", "Delete or rename it.")
            on_problem(FileProblem(current, reason))
        for name in files:
            cancel.check()
            yield current / name
        waiting += [current / name for name in reversed(folders)]


def identity(folder: Path) -> Identity:
    """Identify a folder, whatever links lead to it.

    Raises:
        OSError: It is gone.
    """
    status = folder.stat()
    return status.st_dev, status.st_ino


def identity_or_none(folder: Path) -> Identity | None:
    """The same; None when the folder is not there or cannot be asked."""
    try:
        return identity(folder)
    except (OSError, ValueError):
        return None
