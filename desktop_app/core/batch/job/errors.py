"""What can go wrong with the file of a job, in words."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import SightlineError, StorageError
from desktop_app.core.foundation.storage import free_space, where_instead
from desktop_app.core.foundation.text import printable, readable_size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_CLOSED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_RESUMES = "Resume the job later: it continues where it stopped."


class JobError(SightlineError):
    """A job's file is damaged, foreign, in use elsewhere, or made with other settings."""


class JobAtWork(JobError):
    """Another process, or another thread of this one, works on a job."""


class SourceGone(JobError):
    """A folder of pictures went away, as with an unplugged disk: the pictures in it wait."""


class JobNotMade(JobError):
    """There is nothing in a job's file yet: it is just being made, or its maker was killed at once."""


class ClusterError(SightlineError):
    """A cluster cannot be reached, does not fit, or does not answer any more."""


def foreign(path: Path) -> JobError:
    """Say that a file is something else."""
    return JobError(
        f"{printable(str(path))} is not a job of Sightline.", "Choose another file, or another name."
    )


def damaged(path: Path) -> JobError:
    """Say that a job cannot be read any more."""
    return JobError(
        f"The job {printable(str(path))} is damaged, or not a job of Sightline.",
        "Delete it and classify the folder again.",
    )


@contextlib.contextmanager
def job_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file of a job into a sentence.

    Raises:
        JobError: Instead of an error about its content or about other programs that use it.
        StorageError: Instead of an error of the disk.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _phrase(path, error) from error
    except UnicodeDecodeError as error:  # SQLite quotes what is damaged
        raise damaged(path) from error


@contextlib.contextmanager
def content_errors(path: Path) -> Iterator[None]:
    """Turn what comes of understanding values that no job has into a sentence; a flipped bit is enough.

    Raises:
        JobError: Instead of an error about a value.
    """
    try:
        yield
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError) as error:
        raise damaged(path) from error


def _phrase(path: Path, error: sqlite3.Error) -> SightlineError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    name = printable(str(path))
    if code in _DAMAGED:
        return damaged(path)
    if code in _CLOSED:
        return StorageError(f"The job {name} cannot be opened or written.", where_instead(path))
    if code in _BUSY:
        return JobError(f"The job {name} is in use by another program.", "Try again when that is done.")
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and not _has_room(path)):
        left = ""
        with contextlib.suppress(OSError):
            left = f", {readable_size(free_space(path.parent))} free"
        return StorageError(f"The disk is too full for the job {name}{left}.", f"Make room. {_RESUMES}")
    if code == sqlite3.SQLITE_IOERR:
        return StorageError(
            f"The disk reported an error while the job {name} was used.", f"Check the disk. {_RESUMES}"
        )
    return JobError(f"The job {name} cannot be used: {printable(str(error))}.", "Classify the folder again.")


def _has_room(path: Path) -> bool:
    """Whether the disk takes some more: a full one is reported as a plain input or output error at times."""
    try:
        return free_space(path.parent) > 64 * 1024
    except OSError:
        return True
