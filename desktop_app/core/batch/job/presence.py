"""Whether the folders of a job are there: an unplugged disk must not fail the waiting pictures."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from desktop_app.core.batch.job.errors import JobError
from desktop_app.core.batch.job.filters import RowFilter
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.rows import Status
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.sources import FileSource

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.batch.job.spec import JobSpec


class Presence:
    """Knows the folders of a job as they were at the beginning of a run."""

    def __init__(self, spec: JobSpec) -> None:
        roots = [spec.base / source for source in spec.sources]
        self._folders = {root: _identity(root) for root in roots if FileSource(root).is_folder}

    def check(self) -> None:
        """Return when all are still there, and the same.

        Raises:
            JobError: One is gone.
        """
        for folder, identity in self._folders.items():
            if _identity(folder) != identity:
                raise _gone(folder)


def check_sources(path: Path, spec: JobSpec) -> None:
    """Make sure that no disk is missing, rather than say of each of its pictures that it is not there.

    Args:
        path: The file of the job.
        spec: The settings of the job.

    Raises:
        JobError: Pictures wait in a folder that is gone.
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


def _gone(folder: Path) -> JobError:
    return JobError(
        f"The folder {printable(str(folder))} is not there.",
        "Connect its disk, or put it back, and resume the job.",
    )


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from the empty one under it, in which another disk was mounted."""
    with contextlib.suppress(OSError, ValueError):
        status = folder.stat()
        return status.st_dev, status.st_ino
    return None
