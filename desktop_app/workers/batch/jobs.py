"""The jobs of the window, each a file in one folder: naming, listing and removing them."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.locking import exclusive
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import printable
from desktop_app.workers.batch.messages import JobEntry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from desktop_app.core.batch.job.spec import JobSpec

_PATTERN = "batch-*.job"
_NAMED = 2
"""Sources named in the name of a job; the others are counted."""

_SETTLED_NS = 2_000_000_000
"""Of two writes within this time, the second one might not show: file systems count time in steps."""

lock_tried = threading.Lock()
"""Held while this process tries the lock of a job: a mere look must not turn away a writer."""

Stamp = tuple[tuple[int, int], ...]


def new_job_path() -> Path:
    """Name a new job, which no other has."""
    return paths.jobs() / f"batch-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.urandom(4).hex()}.job"


def job_name(spec: JobSpec) -> str:
    """The sources of a job in words, printable."""
    names = [printable(source.name or str(source)) for source in spec.sources[:_NAMED]]
    others = len(spec.sources) - len(names)
    if others:
        return f"{', '.join(names)} and {others:,} more"
    return " and ".join(names)


class Jobs:
    """Lists and removes jobs; called in one lane."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[Stamp, JobEntry]] = {}
        self._names: dict[Path, str] = {}

    def list(self) -> tuple[JobEntry, ...]:
        """List the jobs, the most recently written one first; unchanged ones are not read again."""
        known, self._known = self._known, {}
        entries = []
        for path in _job_files():
            with contextlib.suppress(OSError):  # it was removed meanwhile
                stamp = _stamp(path)
                before = known.get(path)
                entry = before[1] if before and before[0] == stamp else _look_at(path)
                if entry is None:
                    continue
                entries.append(entry)
                # A job that is killed ends without a trace, and what was written just now may be written
                # again without getting another time.
                if entry.state != "running" and time.time_ns() - max(stamp)[0] > _SETTLED_NS:
                    self._known[path] = stamp, entry
        self._names = {entry.path: entry.name for entry in entries}
        entries.sort(key=lambda entry: (entry.changed, entry.path.name), reverse=True)
        return tuple(entries)

    def remove(self, path: Path) -> str:
        """Delete the file of a job and the journals beside it; returns a sentence."""
        name = self._names.get(path, printable(path.name))
        _delete(path)
        return f"Removed {name} from the list; its pictures are untouched."


def _job_files() -> Iterable[Path]:
    try:
        return list(paths.jobs().glob(_PATTERN))
    except OSError:
        return []


def _stamp(path: Path) -> Stamp:
    """Return a stamp that changes whenever a job is written.

    Raises:
        OSError: There is no such file.
    """
    status = path.stat()
    found = [(status.st_mtime_ns, status.st_size)]
    with contextlib.suppress(OSError):  # SQLite puts new rows beside the file first
        status = path.with_name(f"{path.name}-wal").stat()
        if status.st_size:
            found.append((status.st_mtime_ns, status.st_size))
    return tuple(found)


def _look_at(path: Path) -> JobEntry | None:
    """Read the list entry of a job; whatever is wrong with it becomes its problem.

    Returns:
        None for a job that is still being made: it is listed again when that is done.

    Raises:
        OSError: There is no such file.
    """
    from desktop_app.core.batch.job.errors import JobNotMade
    from desktop_app.core.batch.job.reader import Counts, JobReader

    changed = datetime.fromtimestamp(max(_stamp(path))[0] / 1e9)  # noqa: DTZ006 - local time
    try:
        with JobReader(path) as reader:
            spec, state, counts = reader.spec, reader.state, reader.counts()
            if reader.worked is not None:
                changed = reader.worked.astimezone().replace(tzinfo=None)
    except SightlineError as error:
        if isinstance(error, JobNotMade) and not _is_free(path):
            return None
        name, problem = printable(path.name), error.reason.sentence
        return JobEntry(path, name, "", "", "stopped", Counts(0, 0, 0), changed, problem)
    if state == "running" and _is_free(path):
        state = "interrupted"
    return JobEntry(path, job_name(spec), spec.model_id, spec.model_name, state, counts, changed)


def _is_free(path: Path) -> bool:
    """Whether nobody works on a job, whatever its state says: its last worker may have been killed."""
    with contextlib.suppress(OSError), lock_tried, exclusive(_lock_of(path)) as free:
        return free
    return False


def _delete(path: Path) -> None:
    """Delete a job that nobody works on.

    Raises:
        JobError: Somebody does, or it is no job of the window.
        StorageError: The disk does not let it be deleted.
    """
    from desktop_app.core.batch.filing.journals import journals_of
    from desktop_app.core.batch.job.errors import JobError
    from desktop_app.core.batch.job.job import delete_job

    if path.parent != paths.jobs() or not path.match(_PATTERN):
        raise JobError(f"{printable(str(path))} is not a batch of this window.")
    if not path.parent.is_dir():
        return
    with storage_errors(path, verb="deleted"), lock_tried, exclusive(_lock_of(path)) as free:
        if not free:
            raise JobError(
                f"The batch {printable(path.name)} is running.", "Cancel it first, or wait until it is done."
            )
        delete_job(path)
        for journal in journals_of(path):
            journal.unlink(missing_ok=True)


def _lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")
