"""A job: the pictures of some folders and a model's prediction for each, in one file."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from desktop_app.core.batch.job.database import (
    NO_LABEL_GIVEN,
    add_columns,
    empty,
    is_empty,
    make_tables,
    open_for_writing,
    read_spec,
)
from desktop_app.core.batch.job.errors import JobAtWork, JobError, SourceGone, content_errors, job_errors
from desktop_app.core.batch.job.listing import Found, Listing, Problem
from desktop_app.core.batch.job.presence import Presence, check_folder
from desktop_app.core.batch.job.rows import Outcome, Status, engine_text, pack
from desktop_app.core.foundation.locking import exclusive
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.images.decoding.opening import FILE_GONE
from desktop_app.core.library.label_thresholds import thresholds_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from desktop_app.core.batch.job.listing import Listed
    from desktop_app.core.batch.job.spec import JobSpec
    from desktop_app.core.images.left_out import LeftOut
    from desktop_app.core.inference.choice import AnsweredBy

COMMIT_ROWS = 256
COMMIT_SECONDS = 1.0
"""Results are committed at this number or age (in seconds): a kill loses no more."""

_INSERT = "INSERT OR IGNORE INTO pictures (source, path, folded) VALUES (?, ?, ?)"
_ANSWER = (
    "UPDATE pictures SET status = ?, label = ?, probability = ?, second = ?, seconds = ?, answers = ?, "
    "reason = ?, kind = ?, kind_probability = ?, distance = ?, seen = ?, engine = ? WHERE id = ?"
)
_WAITING = "SELECT id, path FROM pictures WHERE id > ? AND status = 0 ORDER BY id LIMIT ?"


class Job:
    """The writing side of a job: one at a time, for one thread; a context manager.

    Whatever is recorded is acknowledged by `commit`: from then on it survives a kill and a power cut. What
    was not, is simply not answered yet.

    Attributes:
        path: The job's file.
        spec: The job's settings.
        done: The number of classified pictures, acknowledged.
        failed: The number of pictures that cannot be read, acknowledged.
        total: The number of pictures found so far.
    """

    def __init__(self, path: Path, spec: JobSpec | None = None, *, fresh: bool = False) -> None:
        """Open a job, or make one.

        Args:
            path: The file; its folder is made.
            spec: What to do. None opens a job that is there. A job that is there must have been asked the
                same.
            fresh: Whether an existing job is deleted first, whatever its settings, unless it is running.

        Raises:
            JobAtWork: It is running elsewhere.
            JobError: It is damaged, foreign, or was asked something else.
            StorageError: The disk does not let it be written.
        """
        self.path = path
        self.done = self.failed = self.total = 0
        self._open = ExitStack()
        with ExitStack() as at_error:
            at_error.enter_context(self._open)
            if spec is None and not path.is_file():
                raise JobError(f"There is no job {printable(str(path))}.", "Begin a new one.")
            with storage_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                lock = path.with_name(f"{path.name}.lock")
                if not self._open.enter_context(exclusive(lock)):
                    raise JobAtWork(
                        f"The job {printable(str(path))} is already running.",
                        "Wait until it is done, or end it in the other window or terminal.",
                    )
            if fresh:
                delete_job(path)
            self._connection = open_for_writing(path)
            self._open.callback(self._connection.close)
            self.spec = self._read_or_make(spec)
            self._alphabet = {index: place for place, index in enumerate(self.spec.alphabet())}
            self._thresholds = thresholds_of(self.spec)
            self._presence = Presence(self.spec)
            self._engines: dict[AnsweredBy, int] = {}
            self._uncommitted = 0
            self._since = self._last_record = 0.0
            self._count()
            at_error.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            with contextlib.suppress(JobError, OSError, sqlite3.Error):
                self.close()
        else:
            self.close()

    @property
    def state(self) -> str:
        """``waiting`` before the first run, then ``running``, ``stopped``, ``interrupted`` or ``finished``.

        A job that says ``running`` while nobody has its lock was killed.
        """
        with job_errors(self.path):
            found = self._connection.execute("SELECT value FROM meta WHERE key = 'state'").fetchone()
        return str(found[0]) if found else "waiting"

    @state.setter
    def state(self, value: str) -> None:
        with job_errors(self.path):
            self._begin()
            # Beside the state, since the file's own time changes also when SQLite puts it in order.
            facts = [("state", value), ("worked", datetime.now(UTC).isoformat())]
            self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts)
        self.commit()

    def listing(self) -> Listing:
        """Begin to look for pictures; see `add`. Folders that gave none before are looked at again."""
        with job_errors(self.path):
            self._begin()
            self._connection.execute("DELETE FROM problems")
        self._leave_out_gone()
        return Listing(self.spec)

    def add(self, listed: Sequence[Listed]) -> None:
        """Append pictures that are not in the job yet, and note what cannot be listed.

        Raises:
            SourceGone: The folder of pictures went away meanwhile.
            StorageError: The disk is full or gone.
        """
        if any(isinstance(entry, Problem) for entry in listed):
            self._presence.check()
        with self._writing():
            found = [(entry.source, entry.path, entry.folded) for entry in listed if isinstance(entry, Found)]
            if found:
                self.total += self._connection.executemany(_INSERT, found).rowcount
            for entry in listed:
                if isinstance(entry, Problem):
                    self._connection.execute(
                        "INSERT INTO problems (after, path, reason) "
                        "VALUES ((SELECT coalesce(max(id), 0) FROM pictures WHERE source <= ?), ?, ?)",
                        (entry.source, entry.path, entry.reason),
                    )

    def note_left_out(self, left_out: LeftOut) -> None:
        """Keep the count of the files in the folders that are no pictures; it replaces the one before.

        Raises:
            StorageError: The disk is full or gone.
        """
        with self._writing():
            counts = json.dumps(left_out.counts)
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('left_out', ?)", (counts,))

    def waiting(self, after: int, limit: int) -> list[tuple[int, Path]]:
        """List pictures that have no answer yet.

        Args:
            after: Number of the picture to begin behind.
            limit: How many at most.

        Returns:
            Number and path of each, where the file can be opened from any folder.
        """
        with job_errors(self.path):
            rows = self._connection.execute(_WAITING, (after, limit)).fetchall()
        with content_errors(self.path):
            return [(number, self.spec.base / os.fsdecode(path)) for number, path in rows]

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Keep answers, and commit when there are many or the next ones may come late.

        A picture that was gone for a moment waits to be read again.

        Raises:
            SourceGone: Pictures cannot be read since their folder is gone: they shall wait for it.
            StorageError: The disk is full or gone; what was committed before is kept.
        """
        if any(outcome.reason for outcome in outcomes):
            self._presence.check()
            outcomes = self._without_returned(outcomes)
        now = time.monotonic()
        if not self._uncommitted:
            self._since = now
        pause = now - self._last_record  # the next one may take as long
        self._last_record = now
        with self._writing():
            self._connection.executemany(_ANSWER, [self._values(outcome) for outcome in outcomes])
            if self.spec.task == "multi-label":
                given = [(label, each.number) for each in outcomes for label in self._given(each)]
                self._connection.executemany("INSERT OR IGNORE INTO given VALUES (?, ?)", given)
        self._uncommitted += len(outcomes)
        failed = sum(bool(outcome.reason) for outcome in outcomes)
        self._failed += failed
        self._done += len(outcomes) - failed
        if self._uncommitted >= COMMIT_ROWS or now - self._since + pause >= COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Acknowledge whatever was recorded and added.

        Raises:
            StorageError: The disk is full or gone; what was committed before is kept.
        """
        if self._connection.in_transaction:
            with self._writing():
                self._connection.execute("COMMIT")
        self._uncommitted = 0
        self.done, self.failed = self._done, self._failed

    def close(self) -> None:
        """Commit and close; more calls do nothing."""
        opened, self._open = self._open, ExitStack()
        with opened, job_errors(self.path):
            if self._in_transaction():
                self._connection.execute("COMMIT")
            with contextlib.suppress(sqlite3.Error):  # while others read, all would stay beside the file
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def delete(self) -> None:
        """Close, and remove the file: its answers are somewhere else now, or nobody wants them.

        Raises:
            StorageError: It cannot be removed.
        """
        self.close()
        lock = self.path.with_name(f"{self.path.name}.lock")
        with storage_errors(self.path, verb="deleted"), exclusive(lock) as free:
            if free:  # else another process has just started a new job, and the file is theirs
                delete_job(self.path)

    def _in_transaction(self) -> bool:
        try:
            return self._connection.in_transaction
        except sqlite3.ProgrammingError:  # closed before
            return False

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Write inside a transaction; after an error nothing of it remains, and the counts are right."""
        try:
            with job_errors(self.path):
                self._begin()
                yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                self._engines.clear()
                self._count()
            self._uncommitted = 0
            raise

    def _read_or_make(self, spec: JobSpec | None) -> JobSpec:
        with job_errors(self.path):
            if is_empty(self._connection):
                if spec is None:
                    raise empty(self.path)
                make_tables(self._connection, spec, datetime.now(UTC).isoformat(timespec="seconds"))
            else:
                add_columns(self._connection)
        found = read_spec(self._connection, self.path)
        if spec is not None:
            found.check_same(spec)
        return found

    def _count(self) -> None:
        with job_errors(self.path):
            query = "SELECT status, count(*) FROM pictures GROUP BY status"
            counts: dict[int, int] = dict(self._connection.execute(query).fetchall())
        self.done = self._done = counts.get(Status.DONE, 0)
        self.failed = self._failed = counts.get(Status.FAILED, 0)
        self.total = sum(counts.values())

    def _without_returned(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Leave out failures of files that are back by now.

        Raises:
            SourceGone: The folder of a file that could not be read is gone.
        """
        failed = {outcome.number: outcome.reason for outcome in outcomes if outcome.reason}
        query = f"SELECT id, source, path FROM pictures WHERE id IN ({', '.join('?' * len(failed))})"  # noqa: S608
        with job_errors(self.path):
            rows = self._connection.execute(query, list(failed)).fetchall()
        returned: set[int] = set()
        for number, source, stored in rows:
            path = self.spec.base / Path(os.fsdecode(stored))
            try:
                self._presence.check_picture(source, path)
            except SourceGone:
                self._note_gone(os.path.dirname(stored))  # noqa: PTH120 - bytes
                raise
            if failed[number].startswith(FILE_GONE) and os.path.exists(path):  # noqa: PTH110 - raises never
                returned.add(number)
        return [outcome for outcome in outcomes if outcome.number not in returned]

    def _note_gone(self, folder: bytes) -> None:
        """Remember the folder that ended a run; see `_leave_out_gone`."""
        with self._writing():
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('gone', ?)", (folder.hex(),))
        self.commit()

    def _leave_out_gone(self) -> None:
        """Leave out the pictures of a folder that ended the last run and is still not there.

        Whoever removed it for good would otherwise never come to the end. One sentence stands for all of
        its pictures; the folders that were named themselves are checked before.
        """
        with job_errors(self.path):
            found = self._connection.execute("SELECT value FROM meta WHERE key = 'gone'").fetchone()
            self._connection.execute("DELETE FROM meta WHERE key = 'gone'")
        if found is None:
            return
        with content_errors(self.path):
            stored = bytes.fromhex(found[0])
        try:
            check_folder(self.spec.base / Path(os.fsdecode(stored)))
        except SourceGone as error:
            inside = stored + os.fsencode(os.sep)
            with self._writing():
                where = "status = 0 AND substr(path, 1, ?) = ?"
                values = (len(inside), inside)
                after, count = self._connection.execute(
                    f"SELECT coalesce(min(id) - 1, 0), count(*) FROM pictures "  # noqa: S608
                    f"WHERE {where}",
                    values,
                ).fetchone()
                self._connection.execute(f"DELETE FROM pictures WHERE {where}", values)  # noqa: S608
                if count:
                    reason = f"{error} {counted(count, 'picture')} in it left out."
                    self._connection.execute(
                        "INSERT INTO problems (after, path, reason) VALUES (?, ?, ?)", (after, stored, reason)
                    )
                self._count()

    def _values(self, outcome: Outcome) -> tuple[object, ...]:
        if outcome.reason:
            return (Status.FAILED, *[None] * 5, outcome.reason, *[None] * 5, outcome.number)
        places: list[int | None] = [self._alphabet[index] for index in outcome.classes[:2]]
        if self.spec.task == "multi-label":
            (first, *_others) = self._given(outcome)
            places = [None if first == NO_LABEL_GIVEN else self._alphabet[first]]
        return (
            Status.DONE,
            places[0],
            float(outcome.probabilities[0]),
            places[1] if len(places) > 1 else None,
            outcome.seconds,
            pack(outcome.classes, outcome.probabilities),
            None,
            outcome.kind or None,
            outcome.kind_probability if outcome.kind else None,
            outcome.distance,
            outcome.seen or None,
            None if outcome.by is None else self._engine(outcome.by),
            outcome.number,
        )

    def _given(self, outcome: Outcome) -> list[int]:
        """The labels that a picture has, the most probable first; `NO_LABEL_GIVEN` where it has none."""
        if outcome.reason:
            return []
        found = [
            index
            for index, probability in zip(outcome.classes, outcome.probabilities, strict=True)
            if probability >= self._thresholds[index]
        ]
        return found or [NO_LABEL_GIVEN]

    def _engine(self, by: AnsweredBy) -> int:
        """The number of what computed a prediction in the job's table, which it is added to if it is new."""
        if by not in self._engines:
            described = engine_text(by)
            self._connection.execute("INSERT OR IGNORE INTO engines (described) VALUES (?)", (described,))
            found = self._connection.execute("SELECT id FROM engines WHERE described = ?", (described,))
            self._engines[by] = int(found.fetchone()[0])
        return self._engines[by]


def delete_job(path: Path) -> None:
    """Remove the file of a job that nobody has open, with what SQLite put beside it.

    Raises:
        StorageError: It cannot be removed.
    """
    with storage_errors(path, verb="deleted"):
        for tail in ("", "-wal", "-shm"):
            path.with_name(path.name + tail).unlink(missing_ok=True)
