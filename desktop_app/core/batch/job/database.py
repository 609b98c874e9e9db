"""The SQLite file of a job.

WAL mode lets a window read while the job writes. Commits are written through to the disk (``synchronous =
FULL``): a row that was acknowledged survives a power cut too, not only a kill. That costs one flush a
second at most, since rows are committed in batches.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from pydantic import ValidationError

from desktop_app.core.batch.job.errors import JobError, JobNotMade, damaged, foreign, job_errors
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.foundation.migration import NewerVersion, require_known
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = 1
"""The tables, and with them the settings of a job, are those of the first version."""

APPLICATION_ID = 0x53674A62
"""The letters SgJb, where SQLite keeps the mark of the program that a file belongs to."""

BUSY_SECONDS = 5.0

# Answers stand in their own columns only where a table is sorted or filtered by them; `label` and `second`
# are places in the alphabet of the classes. Most indices leave out what has no answer: it comes last anyway.
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pictures (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, path BLOB NOT NULL, folded BLOB NOT NULL,
    status INTEGER NOT NULL DEFAULT 0, label INTEGER, probability REAL, second INTEGER, seconds REAL,
    answers BLOB, reason TEXT, kind TEXT, kind_probability REAL, distance REAL, seen TEXT, engine INTEGER,
    UNIQUE (source, path)
);
CREATE TABLE problems (
    id INTEGER PRIMARY KEY, after INTEGER NOT NULL, path BLOB NOT NULL, reason TEXT NOT NULL
);
CREATE INDEX by_status ON pictures (status);
CREATE INDEX by_path ON pictures (folded);
CREATE INDEX by_label ON pictures (label, probability) WHERE status = 1;
CREATE INDEX by_probability ON pictures (probability) WHERE status = 1;
CREATE INDEX by_second ON pictures (second) WHERE status = 1;
CREATE INDEX by_seconds ON pictures (seconds) WHERE status = 1;
"""

LATER_COLUMNS = {
    "kind": "TEXT",
    "kind_probability": "REAL",
    "distance": "REAL",
    "seen": "TEXT",
    "engine": "INTEGER",
}
"""Columns that files of earlier builds do not all have, with their types.

`engine` is a row of the table `engines`, which files with the column have; an earlier build that resumes the
job leaves it empty.
"""

_ENGINES = (
    "CREATE TABLE IF NOT EXISTS engines (id INTEGER PRIMARY KEY, described TEXT NOT NULL UNIQUE)",
    "CREATE INDEX IF NOT EXISTS by_engine ON pictures (engine) WHERE status = 1",
)

NO_LABEL_GIVEN = -1
"""Stands in the table `given` for a picture none of whose labels reached its threshold."""

_GIVEN = "CREATE TABLE given (label INTEGER, picture INTEGER, PRIMARY KEY (label, picture)) WITHOUT ROWID"
"""The labels that are right, by their index in the network's outputs, where a picture may have several."""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open or make the file; it may still be empty.

    Raises:
        JobError: It is something else, damaged or from a newer version.
        StorageError: The disk does not let it be written.
    """
    with job_errors(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            if not is_empty(connection):
                _check_mark(connection, path)  # before anything is changed in a file of somebody else
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA trusted_schema = OFF")
        except BaseException:
            connection.close()
            raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the file of a job, which another thread or process may write meanwhile.

    Nothing can be written through it. It is not opened as read-only all the same: whoever closes a job last
    puts what SQLite keeps beside the file into it.

    Raises:
        JobNotMade: There is nothing in it yet.
        JobError: There is none, or it is something else, damaged or from a newer version.
        StorageError: The disk does not let it be read.
    """
    if not path.is_file():
        raise JobError(f"There is no job {printable(str(path))}.", "Begin a new one.")
    with job_errors(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
        try:
            connection.execute("PRAGMA query_only = ON")
            _check_made(connection, path)
            connection.execute("PRAGMA trusted_schema = OFF")
        except BaseException:
            connection.close()
            raise
    return connection


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nothing was written yet, as when its maker was killed at once."""
    (count,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return not count and not _pragma(connection, "application_id")


def empty(path: Path) -> JobNotMade:
    """Say that nothing was written into a job yet."""
    return JobNotMade(f"The job {printable(str(path))} is empty.", "Begin a new one.")


def make_tables(connection: sqlite3.Connection, spec: JobSpec, created: str) -> None:
    """Fill an empty file, whole or not at all."""
    with _whole(connection):
        given = [_GIVEN] if spec.task == "multi-label" else []
        for statement in filter(str.strip, (*_TABLES.split(";"), *_ENGINES, *given)):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            [("spec", spec.as_stored()), ("created", created), ("state", "waiting")],
        )


def missing_columns(connection: sqlite3.Connection) -> tuple[str, ...]:
    """List the columns of answers that a job lacks; files of earlier builds do not have all of them."""
    there = {row[1] for row in connection.execute("PRAGMA table_info(pictures)")}
    return tuple(name for name in LATER_COLUMNS if name not in there)


def add_columns(connection: sqlite3.Connection) -> None:
    """Make room for all answers in a file of an earlier build, which can still read it afterwards."""
    missing = missing_columns(connection)
    if missing:
        with _whole(connection):
            for name in missing:
                connection.execute(f"ALTER TABLE pictures ADD COLUMN {name} {LATER_COLUMNS[name]}")
            for statement in _ENGINES:
                connection.execute(statement)


def read_spec(connection: sqlite3.Connection, path: Path) -> JobSpec:
    """Read what the job was asked to do.

    Raises:
        JobError: It is not there or does not validate.
    """
    with job_errors(path):
        found = connection.execute("SELECT value FROM meta WHERE key = 'spec'").fetchone()
    try:
        return JobSpec.model_validate_json(found[0] if found else "")
    except ValidationError as error:
        raise damaged(path) from error


@contextlib.contextmanager
def _whole(connection: sqlite3.Connection) -> Iterator[None]:
    """Change the tables in a transaction; after an error nothing of it remains."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check_made(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN")  # so that both looks see the same
    if is_empty(connection):
        raise empty(path)
    _check_mark(connection, path)
    connection.execute("COMMIT")


def _check_mark(connection: sqlite3.Connection, path: Path) -> None:
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise foreign(path)
    try:
        require_known(_pragma(connection, "user_version"), SCHEMA, f"The job {printable(str(path))}")
    except NewerVersion as error:
        raise JobError(str(error)) from error


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
