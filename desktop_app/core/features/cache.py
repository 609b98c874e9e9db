"""Features that were computed before, so that a folder is looked at only once.

A missing cache is never a reason to fail: with a damaged file, or a full or read-only disk, everything is
computed again and nothing more is remembered.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

SCHEMA = 1
MOST_ROWS = 100_000
"""About 260 MB; the rows that were unused for longest go first."""
_BUSY_SECONDS = 2.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_TABLE = (
    "CREATE TABLE feature (path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, "
    "vector BLOB NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID"
)

_DROP_OLDEST = (
    "DELETE FROM feature WHERE path IN (SELECT path FROM feature ORDER BY used DESC LIMIT -1 OFFSET ?)"
)


class FeatureCache:
    """Features by path, size and time of the last change, in 16-bit numbers. For one thread.

    Args:
        path: SQLite file; it and its folder are made.
        maker: What the features depend on besides the picture: rows of another maker are dropped.
        length: Features of a picture.
        clock: Function that returns the seconds since 1970.
        variant: How the pictures are read; those that are read in other ways are kept beside them.
    """

    def __init__(
        self,
        path: Path,
        maker: str,
        length: int,
        clock: Callable[[], float] = time.time,
        variant: str = "",
    ) -> None:
        self._variant = f"\0{variant}".encode() if variant else b""
        self._path = path
        self._maker = maker
        self._length = length
        self._now = int(clock())
        self._connection = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, path: Path, status: os.stat_result) -> NDArray[np.float32] | None:
        """Look a picture up.

        Args:
            path: Path of the picture.
            status: Its status now.

        Returns:
            float32 ``(length,)``; None when it is not known, or has changed since.
        """
        row = self._execute(
            "SELECT vector FROM feature WHERE path = ? AND size = ? AND mtime = ?", *self._key(path, status)
        )
        if row is None or len(row[0]) != 2 * self._length:
            return None
        self._execute("UPDATE feature SET used = ? WHERE path = ?", self._now, self._key(path, status)[0])
        return np.frombuffer(row[0], "<f2").astype(np.float32)

    def put(self, path: Path, status: os.stat_result, vector: NDArray[np.float32]) -> None:
        """Remember a picture.

        Args:
            path: Path of the picture.
            status: Its status before it was read.
            vector: Its features, ``(length,)``.
        """
        packed = np.asarray(vector, "<f2").tobytes()
        self._execute(
            "INSERT OR REPLACE INTO feature VALUES (?, ?, ?, ?, ?)",
            *self._key(path, status),
            packed,
            self._now,
        )

    def _key(self, path: Path, status: os.stat_result) -> tuple[bytes, int, int]:
        absolute = os.fsencode(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
        return absolute + self._variant, status.st_size, status.st_mtime_ns

    def commit(self) -> None:
        """Write down what is new."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.commit()

    def close(self) -> None:
        """Drop what nobody used for longest, and close; more calls do nothing."""
        self._execute(_DROP_OLDEST, MOST_ROWS)
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.commit()
            connection.close()

    def _open(self) -> sqlite3.Connection | None:
        for _ in range(2):  # the second time after a damaged file was removed
            connection = None
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS)
                self._prepare(connection)
            except (OSError, sqlite3.Error) as error:
                if connection is not None:
                    connection.close()
                if not _is_damage(error):
                    return None
                with contextlib.suppress(OSError):
                    self._path.unlink(missing_ok=True)
            else:
                return connection
        return None

    def _prepare(self, connection: sqlite3.Connection) -> None:
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
        if schema == SCHEMA and connection.execute("SELECT maker FROM made_by").fetchall() == [
            (self._maker,)
        ]:
            return
        connection.executescript(
            "DROP TABLE IF EXISTS feature; DROP TABLE IF EXISTS made_by;"
            f"{_TABLE}; CREATE TABLE made_by (maker TEXT NOT NULL)"
        )
        connection.execute("INSERT INTO made_by VALUES (?)", (self._maker,))
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.commit()

    def _execute(self, statement: str, *values: object) -> tuple[bytes] | None:
        """Run a statement and return its first row; any error ends the use of the cache."""
        if self._connection is None:
            return None
        try:
            row: tuple[bytes] | None = self._connection.execute(statement, values).fetchone()
        except sqlite3.Error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
            return None
        return row


def _is_damage(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED
