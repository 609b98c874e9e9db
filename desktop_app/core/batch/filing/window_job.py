"""The writing side of a job of the window; import it in functions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from desktop_app.core.batch.filing.journals import filed_files
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.listing import Found

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.batch.job.listing import Listed


class WindowJob(Job):
    """A job out of which pictures may have been filed."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._filed = {os.fsencode(target) for target in filed_files(path).targets}

    def add(self, listed: Sequence[Listed]) -> None:
        """Append pictures that are not in the job yet, and note what cannot be listed.

        What was filed into the job's own folders is passed over: it is in the job already.
        """
        if self._filed:
            listed = [
                entry for entry in listed if not (isinstance(entry, Found) and entry.path in self._filed)
            ]
        super().add(listed)
