"""The journal of a filing: a line of JSON before and after each step, so that a crash hides nothing."""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from desktop_app.core.batch.job.errors import JobError
from desktop_app.core.foundation.locking import try_lock
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from typing import BinaryIO

    from desktop_app.core.batch.filing.steps import How

_SYNC_SECONDS = 1.0
"""Seconds between two flushes of the journal to the disk; a kill loses nothing in any case."""

_FIRST = "sightline filing journal"


@dataclass(frozen=True, slots=True)
class Entry:
    """A step that was begun and not undone.

    Attributes:
        number: The number in the journal.
        how: The way: copy, move or link.
        source: The picture's old path.
        target: The picture's new path.
        size: The target's size in bytes after the step; None if it is unknown whether the step was done.
        modified: The time of its last change in nanoseconds, likewise.
        undoing: Whether undoing it had been started before.
    """

    number: int
    how: How
    source: Path
    target: Path
    size: int | None
    modified: int | None
    undoing: bool


class Journal:
    """An open journal, locked against a second one; a context manager."""

    def __init__(self, path: Path, file: BinaryIO, lines: list[dict[str, Any]]) -> None:
        """Take over an open file; `create` and `open` make journals."""
        self.path = path
        self._file = file
        self._lines = lines
        self._next = 1 + max((line["step"] for line in lines if "step" in line), default=0)
        self._synced = time.monotonic()

    @classmethod
    def create(cls, path: Path, how: How) -> Self:
        """Begin a new journal.

        Raises:
            StorageError: It cannot be written, or there is one of that name already.
        """
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("xb", buffering=0)
        journal = cls(path, file, [])
        _lock(file, path)
        journal._write({"journal": _FIRST, "how": how})
        return journal

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the journal of some work that has ended or crashed.

        Raises:
            StorageError: It cannot be read and written.
            JobError: It is not a journal, or its work is still running.
        """
        with storage_errors(path, verb="read"):
            file = path.open("r+b", buffering=0)
        try:
            _lock(file, path)
            with storage_errors(path, verb="read"):
                lines = _read(file.readall() or b"", path)
                file.seek(0, os.SEEK_END)
        except BaseException:
            file.close()
            raise
        journal = cls(path, file, lines)
        journal._write({})  # ends a line that a crash cut short
        return journal

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            os.fsync(self._file.fileno())
        self._file.close()

    def begin(self, source: Path, target: Path) -> int:
        """Note that a step is about to be taken.

        Returns:
            Its number.
        """
        number = self._next
        self._next += 1
        self._write({"step": number, "source": str(source), "target": str(target)})
        return number

    def end(self, number: int, status: os.stat_result) -> None:
        """Note that a step was taken, and what the target is now."""
        self._write({"done": number, "size": status.st_size, "modified": status.st_mtime_ns})

    def begin_undo(self, number: int) -> None:
        """Note that a step is about to be undone."""
        self._write({"undoing": number})

    def give_up(self, number: int) -> None:
        """Note that a step was not taken, or that it is undone: nothing of it is there."""
        self._write({"undone": number})

    def settle(self) -> None:
        """Record that everything stays: nobody wants it undone any more."""
        self._write({"settled": True})

    def made_folder(self, path: Path) -> None:
        """Note a folder that is about to be made."""
        self._write({"folder": str(path)})

    def to_undo(self) -> list[Entry]:
        """The steps that were begun and not undone, in their order."""
        return _standing(self._lines)

    def remove_made_folders(self) -> None:
        """Remove the folders that were made, as far as they are empty."""
        for line in reversed(self._lines):
            if "folder" in line:
                with contextlib.suppress(OSError):
                    os.rmdir(line["folder"])  # noqa: PTH106 - the names come as text

    def delete(self) -> None:
        """Remove the journal.

        Raises:
            StorageError: It cannot be removed.
        """
        with storage_errors(self.path, verb="deleted"):
            self.path.unlink(missing_ok=True)

    def _write(self, line: dict[str, Any]) -> None:
        # ASCII: what is not valid UTF-8 in a name stands as an escaped surrogate and is read back as it was.
        with storage_errors(self.path):
            self._file.write(f"{json.dumps(line) if line else ''}\n".encode("ascii"))
            if time.monotonic() - self._synced > _SYNC_SECONDS:
                os.fsync(self._file.fileno())
                self._synced = time.monotonic()


def read_entries(path: Path, *, settled: bool = True) -> list[Entry]:
    """The steps of a journal that were begun and not undone; its work may continue meanwhile.

    Args:
        path: The journal's path.
        settled: Whether to include those that nobody wants undone any more.

    Raises:
        StorageError: It cannot be read.
        JobError: It is not a journal.
    """
    with storage_errors(path, verb="read"):
        content = path.read_bytes()
    lines = _read(content, path)
    if not settled and any("settled" in line for line in lines):
        return []
    return _standing(lines)


def _standing(lines: list[dict[str, Any]]) -> list[Entry]:
    how: How = lines[0]["how"]
    ends = {line["done"]: line for line in lines if "done" in line}
    undoing = {line["undoing"] for line in lines if "undoing" in line}
    undone = {line["undone"] for line in lines if "undone" in line}
    return [
        Entry(
            line["step"],
            how,
            Path(line["source"]),
            Path(line["target"]),
            ends.get(line["step"], {}).get("size"),
            ends.get(line["step"], {}).get("modified"),
            line["step"] in undoing,
        )
        for line in lines
        if "step" in line and line["step"] not in undone
    ]


def _lock(file: BinaryIO, path: Path) -> None:
    free = True
    with contextlib.suppress(OSError):  # a file system without locks
        free = try_lock(file.fileno())
    if not free:
        raise JobError(
            f"The work recorded in {printable(str(path))} is still running.", "Wait until it is done."
        )


def _read(content: bytes, path: Path) -> list[dict[str, Any]]:
    """Read the lines; the last one may have been cut short by a crash. Damaged ones are passed over."""
    lines = []
    for text in content.split(b"\n"):
        with contextlib.suppress(ValueError):
            line = json.loads(text)
            if isinstance(line, dict) and _is_sound(line):
                lines.append(line)
    hows: tuple[Literal["copy", "move", "link"], ...] = ("copy", "move", "link")
    if not lines or lines[0].get("journal") != _FIRST or lines[0].get("how") not in hows:
        raise JobError(f"{printable(str(path))} is not a journal of filed pictures.")
    return lines


_MEMBERS: dict[str, type] = {
    **dict.fromkeys(("step", "done", "undoing", "undone", "size", "modified"), int),
    **dict.fromkeys(("source", "target", "folder"), str),
}
_COMPLETE = {"step": {"source", "target"}, "done": {"size", "modified"}}


def _is_sound(line: dict[str, Any]) -> bool:
    """Whether every member of a line is present and valid."""
    return all(
        isinstance(value, _MEMBERS.get(name, object)) and line.keys() >= _COMPLETE.get(name, set())
        for name, value in line.items()
    )
