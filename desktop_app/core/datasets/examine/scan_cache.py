"""What earlier checks found out about files, so that the next one need not open them.

A missing cache is never a reason to fail. So every error of SQLite ends here: a damaged file
is put aside, and with a full or read-only disk nothing more is remembered.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from typing import TYPE_CHECKING, Self

from desktop_app.core.datasets.examine.picture_facts import PictureFacts, Verdict
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.images.decoding.number_facts import NO_FACTS, NumberFacts
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.installation.versions import versions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMA = 3
MOST_ROWS = 2_000_000
"""About 500 MB; the rows that were unused for longest go first."""
MOST_DAYS = 365
"""Rows that nobody asked for during a year are dropped."""
BATCH_ROWS = 500
BATCH_SECONDS = 2.0
"""New rows are committed when there are so many, or after that time: no more is lost by a kill."""

_REFRESH_DAYS = 7
"""The day of the last use is only written again when it is so long ago: reading should not write."""

_BUSY_SECONDS = 2.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}

_NO_DECODERS = frozenset(
    {
        *("Python", "System", "Build", "TensorFlow", "Keras", "OpenVINO"),
        *("Qt for Python", "h5py", "pydantic", "nvidia-ml-py"),
    }
)
"""Versions that decide nothing about pictures; a reader that is installed later can make more readable."""

_TABLES = """
CREATE TABLE made_by (versions TEXT NOT NULL);
CREATE TABLE folder (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
CREATE TABLE file (
    folder INTEGER NOT NULL, name BLOB NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
    reading TEXT NOT NULL, digest BLOB, look BLOB, width INTEGER, height INTEGER, mode TEXT, grey INTEGER,
    blank INTEGER, numbers TEXT, reason TEXT, advice TEXT, used INTEGER NOT NULL, PRIMARY KEY (folder, name)
) WITHOUT ROWID;
"""
_FIND = (
    "SELECT digest, look, width, height, mode, grey, blank, numbers, reason, advice, used FROM file "
    "WHERE folder = ? AND name = ? AND size = ? AND mtime = ? AND reading = ?"
)
_DROP_SOME = "DELETE FROM file WHERE (folder, name) IN (SELECT folder, name FROM file WHERE used = ? LIMIT ?)"
_KEEP = "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class ScanCache:
    """Verdicts by path, size and time of the last change. A context manager; for one thread.

    Attributes:
        found: Number of verdicts that were known.
    """

    def __init__(
        self, path: Path, clock: Callable[[], float] = time.time, reading: PixelReading = AS_STORED
    ) -> None:
        """Open the cache, or go without.

        Args:
            path: SQLite file; it and its folder are made.
            clock: Seconds since 1970.
            reading: How numbers become pictures; verdicts of other ways are not found.
        """
        self._reading = "" if reading == AS_STORED else reading.model_dump_json()
        self._path = path
        self._today = int(clock() // 86_400)
        self._folders: dict[str, int] = {}
        self._writable = True
        self._uncommitted = 0
        self._committed = time.monotonic()
        self.found = 0
        self._connection = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, path: Path, status: os.stat_result) -> tuple[Verdict, bool]:
        """Look a file up.

        Args:
            path: Path of the file.
            status: Its status now.

        Returns:
            The verdict, and whether there is one.
        """
        if self._connection is None:
            return None, False
        try:
            key = (
                self._folder_id(path),
                os.fsencode(path.name),
                status.st_size,
                status.st_mtime_ns,
                self._reading,
            )
            row = self._connection.execute(_FIND, key).fetchone()
            if row is None:
                return None, False
            if row[-1] < self._today - _REFRESH_DAYS:
                self._write("UPDATE file SET used = ? WHERE folder = ? AND name = ?", (self._today, *key[:2]))
        except sqlite3.Error as error:
            self._give_up(error)
            return None, False
        self.found += 1
        return _verdict(row), True

    def put(self, path: Path, status: os.stat_result, verdict: Verdict) -> None:
        """Remember a verdict.

        Args:
            path: Path of the file.
            status: Its status before it was read.
            verdict: Verdict on the file.
        """
        if self._connection is None or not self._writable:
            return
        try:
            key = (self._folder_id(path), os.fsencode(path.name), status.st_size, status.st_mtime_ns)
            self._write(_KEEP, (*key, self._reading, *_columns(verdict), self._today))
        except sqlite3.Error as error:
            self._stop_writing(error)

    def close(self) -> None:
        """Commit, drop what nobody used for long, and close; more calls do nothing."""
        if self._connection is None:
            return
        try:
            if self._uncommitted:
                self._forget_the_oldest(self._connection)
            self._connection.commit()
            self._connection.close()
            self._connection = None
        except sqlite3.Error as error:
            self._give_up(error)

    def _open(self) -> sqlite3.Connection | None:
        for _ in range(2):  # the second time after a damaged file was put aside
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS)
            except (OSError, sqlite3.Error):
                return None
            try:
                _prepare(connection)
            except sqlite3.Error as error:
                connection.close()
                if not self._put_aside(error):
                    return None
            else:
                return connection
        return None

    def _folder_id(self, path: Path) -> int:
        assert self._connection is not None
        folder = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120 Path would keep every part
        number = self._folders.get(folder)
        if number is None:
            name = os.fsencode(folder)
            find = "SELECT id FROM folder WHERE path = ?"
            row = self._connection.execute(find, (name,)).fetchone()
            if row is None:
                self._connection.execute("INSERT INTO folder (path) VALUES (?)", (name,))
                row = self._connection.execute(find, (name,)).fetchone()
            number = self._folders[folder] = int(row[0])
        return number

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        assert self._connection is not None
        self._connection.execute(statement, values)
        self._uncommitted += 1
        now = time.monotonic()
        if self._uncommitted % BATCH_ROWS == 0 or now - self._committed > BATCH_SECONDS:
            self._connection.commit()
            self._committed = now

    def _forget_the_oldest(self, connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM file WHERE used < ?", (self._today - MOST_DAYS,))
        (count,) = connection.execute("SELECT count(*) FROM file").fetchone()
        if count > MOST_ROWS:
            nth = "SELECT used FROM file ORDER BY used LIMIT 1 OFFSET ?"
            (day,) = connection.execute(nth, (count - MOST_ROWS - 1,)).fetchone()
            connection.execute("DELETE FROM file WHERE used < ?", (day,))
            (count,) = connection.execute("SELECT count(*) FROM file").fetchone()
            connection.execute(_DROP_SOME, (day, max(count - MOST_ROWS, 0)))
        connection.execute("DELETE FROM folder WHERE id NOT IN (SELECT folder FROM file)")

    def _stop_writing(self, error: sqlite3.Error) -> None:
        """Continue with what is known already, unless that is damaged."""
        if _is_damage(error) or self._connection is None:
            self._give_up(error)
            return
        self._writable = False
        self._uncommitted = 0
        self._folders.clear()  # some may have been made in what is now undone
        with contextlib.suppress(sqlite3.Error):
            self._connection.rollback()

    def _give_up(self, error: sqlite3.Error) -> None:
        """Continue without a cache."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()
        self._put_aside(error)

    def _put_aside(self, error: sqlite3.Error) -> bool:
        """Rename a damaged file; False when the error says nothing about damage or it cannot be renamed."""
        if not _is_damage(error):
            return False
        try:
            self._path.replace(self._path.with_name(self._path.name + ".damaged"))
            for tail in ("-wal", "-shm"):
                self._path.with_name(self._path.name + tail).unlink(missing_ok=True)
        except OSError:
            return False
        return True


def _is_damage(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables; verdicts of another version of the decoders are dropped."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    if schema == SCHEMA and connection.execute("SELECT versions FROM made_by").fetchall() == [(_versions(),)]:
        return  # without writing: the disk may be full
    connection.executescript(
        "DROP TABLE IF EXISTS file; DROP TABLE IF EXISTS folder; DROP TABLE IF EXISTS made_by;"
    )
    connection.executescript(_TABLES)
    connection.execute("INSERT INTO made_by VALUES (?)", (_versions(),))
    connection.execute(f"PRAGMA user_version = {SCHEMA}")
    connection.commit()


def _versions() -> str:
    """Whatever decides what can be decoded, and how."""
    return ", ".join(f"{name} {version}" for name, version in versions().items() if name not in _NO_DECODERS)


def _columns(verdict: Verdict) -> tuple[object, ...]:
    if isinstance(verdict, PictureFacts):
        facts = verdict
        numbers = None if facts.numbers == NO_FACTS else json.dumps(facts.numbers, separators=(",", ":"))
        looks = (facts.digest, facts.look, facts.width, facts.height, facts.mode, facts.grey, facts.blank)
        return (*looks, numbers, None, None)
    if isinstance(verdict, Reason):
        return (*(None,) * 8, verdict.text, verdict.advice)
    return (None,) * 10


def _verdict(row: tuple[bytes, bytes, int, int, str, int, int, str | None, str, str, int]) -> Verdict:
    digest, look, width, height, mode, grey, blank, numbers, text, advice, _ = row
    if digest is not None:
        return PictureFacts(digest, look, width, height, mode, bool(grey), bool(blank), _numbers(numbers))
    return None if text is None else Reason(text, advice)


def _numbers(text: str | None) -> NumberFacts:
    if text is None:
        return NO_FACTS
    facts = NumberFacts(*json.loads(text))
    return facts._replace(quantiles=tuple(facts.quantiles), band_names=tuple(facts.band_names))
