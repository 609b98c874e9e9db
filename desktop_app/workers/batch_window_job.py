"""The writing side of a job of the window; import it in functions."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from desktop_app.core.batch.errors import JobError
from desktop_app.core.batch.job import Job
from desktop_app.core.batch.journals import filed_files
from desktop_app.core.batch.listing import Found
from desktop_app.core.images.sources import FileSource, printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.batch.listing import Listed
    from desktop_app.core.batch.rows import Outcome


class WindowJob(Job):
    """A job out of which pictures may have been filed, and whose disk may be pulled out while it runs."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._filed = {os.fsencode(target) for target in filed_files(path).targets}
        roots = [self.spec.base / source for source in self.spec.sources]
        self._folders = {root: _identity(root) for root in roots if FileSource(root).is_folder}

    def add(self, listed: Sequence[Listed]) -> None:
        """Append pictures that are not in the job yet, and note what cannot be listed.

        What was filed into the job's own folders is passed over: it is in the job already.
        """
        if self._filed:
            listed = [
                entry for entry in listed if not (isinstance(entry, Found) and entry.path in self._filed)
            ]
        super().add(listed)

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Keep answers.

        Raises:
            JobError: Pictures cannot be read since their folder is gone: they shall wait for it.
            StorageError: The disk of the job is full or gone.
        """
        if any(outcome.reason for outcome in outcomes):
            for folder, identity in self._folders.items():
                if _identity(folder) != identity:
                    raise gone(folder)
        super().record(outcomes)


def gone(folder: Path) -> JobError:
    """Say that a folder is not there, where pictures wait to be read."""
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
