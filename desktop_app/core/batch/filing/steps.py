"""Copying, moving or linking one picture without ever overwriting anything, and undoing that."""

from __future__ import annotations

import contextlib
import errno
import filecmp
import os
import shutil
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop_app.core.foundation.errors import SightlineError, StorageError
from desktop_app.core.foundation.files import replacing
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.batch.filing.journal import Entry, Journal

How = Literal["copy", "move", "link"]

_ACROSS_DISKS = errno.EXDEV


class _Nowhere(StorageError):
    """Neither a file nor its original is there: nothing can be undone, now or later."""


@dataclass(frozen=True, slots=True)
class Step:
    """One picture of a plan.

    Attributes:
        source: The current path.
        target: The new path.
        renamed: Whether it gets another name because its own is taken there.
    """

    source: Path
    target: Path
    renamed: bool

    @classmethod
    def between(cls, source: Path, target: Path) -> Step:
        """The step that brings a picture from one path to another."""
        return cls(source, target, renamed=target.name != source.name)


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that failed.

    Attributes:
        path: The path of the picture.
        reason: The reason as a sentence.
    """

    path: Path
    reason: str


def take_step(step: Step, how: How, journal: Journal) -> FileProblem | None:
    """Copy, move or link one picture.

    Returns:
        Why it did not work; nothing of the step is left then.

    Raises:
        StorageError: The journal cannot be written.
    """
    try:
        _make_folder(step.target.parent, journal)
    except OSError as error:
        return FileProblem(step.source, _phrase(error))
    number = journal.begin(step.source, step.target)
    ours = False
    try:
        _check(step, how)
        if how == "link":
            step.target.symlink_to(step.source)
        else:
            # The name is taken first, by an empty file: what then replaces it can replace nothing else.
            _take_name(step.target)
            ours = True
            _fill(step.source, step.target, how)
    except (OSError, StorageError) as error:
        if ours and os.path.lexists(step.source):
            with contextlib.suppress(OSError):
                step.target.unlink()
        journal.give_up(number)
        return FileProblem(step.source, _phrase(error))
    with storage_errors(step.target):
        journal.end(number, step.target.lstat())
    return None


def take_back(entry: Entry, journal: Journal) -> tuple[FileProblem | None, int]:
    """Undo one step, whether or not it was finished when the app was killed.

    Returns:
        The reason of a failure, if any; and 1 if something was restored.

    Raises:
        StorageError: The journal cannot be written.
    """
    journal.begin_undo(entry.number)
    try:
        undone = _put_back(entry)
    except _Nowhere as error:
        journal.give_up(entry.number)
        return FileProblem(entry.target, _phrase(error)), 0
    except (OSError, StorageError) as error:
        return FileProblem(entry.target, _phrase(error)), 0
    journal.give_up(entry.number)
    return None, int(undone)


def _check(step: Step, how: How) -> None:
    if how == "move" and step.source.is_symlink():
        raise StorageError("It is a link, which might lead nowhere from another place.", "Copy it instead.")
    if not stat.S_ISREG(step.source.stat().st_mode):
        raise StorageError("It is no longer a file.")


def _take_name(path: Path) -> None:
    """Make an empty file.

    Raises:
        FileExistsError: There is something of that name.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))


def _fill(source: Path, target: Path, how: How) -> None:
    """Put a picture in the place of the empty file that keeps its name."""
    if how == "move":
        try:
            source.replace(target)
        except OSError as error:
            if error.errno != _ACROSS_DISKS:
                raise
        else:
            return
    _copy(source, target)
    if how == "move":
        with contextlib.suppress(FileNotFoundError):
            source.unlink()


def _copy(source: Path, target: Path) -> None:
    """Copy a file with its times; the target is whole or as it was."""
    with source.open("rb") as reading, replacing(target) as writing:
        shutil.copyfileobj(reading, writing, 1024 * 1024)
    with contextlib.suppress(OSError):  # some file systems have no such times or permissions
        shutil.copystat(source, target)


def _put_back(entry: Entry) -> bool:
    source, target = entry.source, entry.target
    try:
        found = target.lstat()
    except FileNotFoundError:
        if entry.how == "move" and not os.path.lexists(source):
            raise _Nowhere("It is in neither folder any more.") from None
        return False
    if entry.how == "link":
        # Windows writes links in its longer form.
        if not target.is_symlink() or str(target.readlink()).removeprefix("\\\\?\\") != str(source):
            raise StorageError("It was changed since.")
        target.unlink()
        return True
    if entry.size is None:
        return _put_back_unfinished(entry, found)
    if (found.st_size, found.st_mtime_ns) != (entry.size, entry.modified):
        raise StorageError("It was changed since.")
    if entry.how == "copy":
        target.unlink()
        return True
    return _move_back(entry)


def _put_back_unfinished(entry: Entry, found: os.stat_result) -> bool:
    """Undo a step of which nobody knows how far it came: look at what is there."""
    source, target = entry.source, entry.target
    if not os.path.lexists(source):
        if entry.how == "move" and found.st_size:
            return _move_back(entry)
        raise StorageError("The original is gone.")
    # An empty file keeps the name of a step that did not get further; a copy beside its original is spare.
    if not found.st_size or filecmp.cmp(source, target, shallow=False):
        target.unlink()
        return False
    raise StorageError("It is not what was to be put there.")


def _move_back(entry: Entry) -> bool:
    """Move without overwriting, as in `take_step`; also where that was begun before and cut short."""
    source, target = entry.source, entry.target
    source.parent.mkdir(parents=True, exist_ok=True)
    try:
        _take_name(source)
    except FileExistsError:
        if not entry.undoing or not stat.S_ISREG(source.lstat().st_mode):
            raise StorageError("Something else is in its old place.") from None
        if filecmp.cmp(source, target, shallow=False):
            target.unlink()
            return True
        if source.lstat().st_size:
            raise StorageError("Something else is in its old place.") from None
    _fill(target, source, "move")
    return True


def _make_folder(folder: Path, journal: Journal) -> None:
    """Make a folder and those above it, noting each one that was not there."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        _make_folder(folder.parent, journal)
    journal.made_folder(folder)
    folder.mkdir(exist_ok=True)


def _phrase(error: OSError | SightlineError) -> str:
    if isinstance(error, SightlineError):
        return error.reason.sentence
    if error.errno == errno.EEXIST:
        return "Something of that name is there by now."
    return f"{printable(error.strerror or str(error))}."
