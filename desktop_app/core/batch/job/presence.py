"""Whether the folders of a job are there: an unplugged disk must not fail the waiting pictures."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from desktop_app.core.batch.job.errors import SourceGone
from desktop_app.core.batch.job.filters import RowFilter
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.rows import Status
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.sources import FileSource

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.batch.job.spec import JobSpec


CONNECT = "Connect its disk, or put it back."


class Presence:
    """Knows the folders of a job as they were at the beginning of a run."""

    def __init__(self, spec: JobSpec) -> None:
        self._spec = spec
        self._folders: dict[Path, tuple[int, int]] = {}
        above = set()
        for source in spec.sources:
            root = spec.base / source
            if FileSource(root).is_folder:
                self._remember(root)
            elif (parent := os.path.dirname(root)) not in above:  # noqa: PTH120 - 100,000 files
                above.add(parent)
                self._remember(root.parent)

    def _remember(self, folder: Path) -> None:
        identity = _identity(folder)
        if identity is not None:
            self._folders[folder] = identity

    def check(self) -> None:
        """Return when all are still there, and the same.

        Raises:
            SourceGone: One is gone.
        """
        for folder, identity in self._folders.items():
            if _identity(folder) != identity:
                raise _gone(folder)

    def check_picture(self, source: int, path: Path) -> None:
        """Return when the folder of a picture that could not be read is there, or never was.

        Args:
            source: The index of the source that the picture was found in.
            path: The path of the picture, where it can be opened.

        Raises:
            SourceGone: It is gone.
        """
        root = self._spec.base / self._spec.sources[source]
        if (root if path != root else root.parent) in self._folders:
            check_folder(path.parent)


def check_folder(folder: Path) -> None:
    """Make sure that the folder of a picture, which could not be read, is there.

    Raises:
        SourceGone: It is gone, or empty as one that a disk was mounted in.
    """
    try:
        with os.scandir(folder) as entries:
            if next(entries, None) is not None:
                return
    except PermissionError:
        return
    except (OSError, ValueError) as error:
        raise _gone(folder) from error
    raise _gone(folder, "is empty now")


def check_sources(path: Path, spec: JobSpec) -> None:
    """Make sure that no disk is missing, rather than say of each of its pictures that it is not there.

    Args:
        path: The file of the job.
        spec: The settings of the job.

    Raises:
        SourceGone: Pictures wait in a folder that is gone.
    """
    missing = {
        number: source
        for number, source in enumerate(spec.sources)
        if not os.path.lexists(spec.base / source)
    }
    if not missing:
        return
    with JobReader(path) as reader:
        for row in reader.select(RowFilter(status=Status.WAITING)):
            source = missing.get(row.source)
            if source is not None and row.path != source:
                raise _gone(spec.base / source)


def _gone(folder: Path, how: str = "is not there") -> SourceGone:
    return SourceGone(f"The folder {printable(str(folder))} {how}.", f"{CONNECT} Then resume the job.")


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from the empty one under it, in which another disk was mounted."""
    with contextlib.suppress(OSError, ValueError):
        status = folder.stat()
        return status.st_dev, status.st_ino
    return None
