"""Writing files and folders whole or not at all.

What is being written has a name that starts with ``.sightline-`` beside its final place, and is locked for
as long as its writer lives. A killed writer's leftovers are therefore recognised, and cleared away or put
back, by `sweep_leftovers` at the next start; those of a writer that still runs are left alone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.locking import still_names, try_lock
from desktop_app.core.foundation.storage import require_space, storage_errors
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "LEFTOVER_PREFIX",
    "PlaceTaken",
    "leased",
    "open_regular",
    "replacing",
    "replacing_folder",
    "require_space",
    "scratch_folder",
    "sweep_leftovers",
    "sync_folder",
    "write_whole",
]

LEFTOVER_PREFIX = ".sightline-"
_FILE, _LEASE, _NEW, _OLD = ".tmp", ".lease", ".new", ".old"
_BINARY = getattr(os, "O_BINARY", 0)


class PlaceTaken(StorageError):
    """Another process has put a folder where a new one was to be."""


def write_whole(path: Path, data: bytes | str) -> None:
    """Write a small file; after a crash there is the old content or the new one, never a part.

    Args:
        path: File to create or replace; its folder exists. A symbolic link is followed.
        data: Content; text is written as UTF-8.

    Raises:
        StorageError: It cannot be written; the old file is untouched.
    """
    content = data.encode() if isinstance(data, str) else data
    with replacing(path, size=len(content)) as file:
        file.write(content)


@contextlib.contextmanager
def replacing(
    path: Path, mode: Literal["wb", "w+b"] = "wb", *, size: int | None = None
) -> Iterator[BinaryIO]:
    """Open a temporary file that takes the place of ``path`` once the body ends without an error.

    Args:
        path: File to create or replace; its folder exists. A symbolic link is followed.
        mode: ``w+b`` when the body also reads back.
        size: Number of bytes that will be written, for the sentence when the disk is full.

    Yields:
        The temporary file, open for binary writing.

    Raises:
        StorageError: Instead of any OSError, the body's included; the old file is untouched. Also when
            something that is not a file is in its place: a folder, a device, a pipe.
    """
    path = Path(os.path.realpath(path))
    with storage_errors(path, size):
        _require_file_or_nothing(path)
        temporary, file = _temporary_file(path.parent, mode)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if sys.platform == "win32":
                file.close()
            # Elsewhere the lock is held until the file has its final name, where no sweep looks.
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                file.close()
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        file.close()
        sync_folder(path.parent)


@contextlib.contextmanager
def replacing_folder(
    target: Path,
    *,
    size: int | None = None,
    many_files: bool = False,
    before: Callable[[bool], None] = lambda _there: None,
) -> Iterator[Path]:
    """Fill a new folder that takes the place of ``target`` once the body ends without an error.

    A folder that is already at ``target`` is moved aside first and deleted last, so that a kill between
    the two renames loses neither: `sweep_leftovers` puts the old one back.

    Args:
        target: Folder to create or replace; parents are made.
        size: Number of bytes that will be written, for the sentence when the disk is full.
        many_files: Write out all disks once, where that waits for its end, instead of each file on its own:
            12,000 small files take 0.2 s instead of 20.
        before: Function called before the new folder takes its place, with whether it replaces one; what it
            raises leaves the old folder untouched.

    Yields:
        An empty folder beside ``target``.

    Raises:
        PlaceTaken: The folder did not exist at first, but now it does: another process was quicker.
        StorageError: Instead of any OSError, the body's included; the old folder is untouched.
    """
    with storage_errors(target, size):
        target.parent.mkdir(parents=True, exist_ok=True)
        with leased(target.parent, target) as lease:
            fresh, old = lease.with_suffix(_NEW), lease.with_suffix(_OLD)
            try:
                fresh.mkdir()
                yield fresh
                if many_files and sys.platform == "linux":
                    os.sync()
                else:
                    _sync_tree(fresh)
                _swap(fresh, target, old, before)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """Make an empty folder in ``parent`` for the body; after a kill, `sweep_leftovers` of it removes it.

    What is written there can take its final place in ``parent`` by a rename.

    Raises:
        OSError: It cannot be made.
    """
    with leased(parent, parent / "scratch") as lease:
        fresh = lease.with_suffix(_NEW)
        fresh.mkdir()
        try:
            yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


@contextlib.contextmanager
def leased(folder: Path, target: Path) -> Iterator[Path]:
    """Note in ``folder`` that ``target`` is being written, so that a kill's leftovers there are found.

    Yields:
        The note, which is gone when the body has ended.

    Raises:
        OSError: The note cannot be written.
    """
    path, descriptor = _create_locked(folder, _LEASE)
    try:
        os.write(descriptor, os.fsencode(target.absolute()))
        os.fsync(descriptor)
        yield path
    finally:
        if sys.platform == "win32":
            os.close(descriptor)
            path.unlink(missing_ok=True)
        else:
            path.unlink(missing_ok=True)
            os.close(descriptor)


def sweep_leftovers(folder: Path) -> int:
    """Remove what killed writers left in ``folder``, and finish or undo their work.

    Returns:
        Number of leftovers handled. What cannot be removed stays for the next time.
    """
    swept = 0
    for path in sorted(_leftovers(folder, _LEASE)):
        with contextlib.suppress(OSError), _abandoned(path) as target:
            if target is not None:
                _recover(path, target)
                swept += 1
    for path in _leftovers(folder, _FILE):
        with contextlib.suppress(OSError), _abandoned(path) as target:
            swept += target is not None
    for path in [*_leftovers(folder, _NEW), *_leftovers(folder, _OLD)]:
        if not path.with_suffix(_LEASE).exists():
            shutil.rmtree(path, ignore_errors=True)
            swept += 1
    return swept


def open_regular(path: Path) -> BinaryIO:
    """Open an ordinary file for reading; folders, pipes and devices, which could block, are refused.

    Raises:
        StorageError: It is not an ordinary file or cannot be read.
    """
    name = printable(str(path))
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StorageError(f"{name} cannot be read: {reason}.") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise StorageError(f"{name} is not a file.", "Choose an ordinary file.")
    return os.fdopen(descriptor, "rb")


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` survive a power cut, where the system can do that."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _require_file_or_nothing(path: Path) -> None:
    """Refuse what a rename would put a file in place of, such as /dev/null, or cannot replace."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise StorageError(f"{printable(str(path))} is a folder, not a file.", "Choose a file in it.")
    if not stat.S_ISREG(mode):
        raise StorageError(
            f"{printable(str(path))} is a device or a pipe, not a file.", "Choose an ordinary file."
        )


def _temporary_file(folder: Path, mode: str) -> tuple[Path, BinaryIO]:
    path, descriptor = _create_locked(folder, _FILE)
    return path, cast("BinaryIO", os.fdopen(descriptor, mode))


def _create_locked(folder: Path, suffix: str) -> tuple[Path, int]:
    """Create a file under a name that nobody has, and lock it before a sweep can take it for a leftover."""
    while True:
        path = folder / f"{LEFTOVER_PREFIX}{os.urandom(8).hex()}{suffix}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
        with contextlib.suppress(OSError):  # no locks on this file system: sweeps leave the file alone
            if not try_lock(descriptor) or not still_names(path, descriptor):
                os.close(descriptor)
                continue
        return path, descriptor


@contextlib.contextmanager
def _abandoned(path: Path) -> Iterator[Path | None]:
    """Take over a leftover and remove it after the body; yields its note, or None while its writer lives."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | _BINARY)
    try:
        if not try_lock(descriptor):
            yield None
            return
        yield Path(os.fsdecode(os.read(descriptor, 65536) if path.suffix == _LEASE else b""))
        if sys.platform != "win32":
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _recover(lease: Path, target: Path) -> None:
    if not target.is_absolute():  # killed before the note was written: nothing else was done yet
        return
    fresh, old = lease.with_suffix(_NEW), lease.with_suffix(_OLD)
    if old.exists() and not target.exists():
        old.rename(target)
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    if target.parent != lease.parent:  # a file that was being written somewhere else
        for path in _leftovers(target.parent, _FILE):
            with contextlib.suppress(OSError), _abandoned(path):
                pass


def _leftovers(folder: Path, suffix: str) -> list[Path]:
    with contextlib.suppress(OSError):
        return [
            path
            for path in folder.iterdir()
            if path.name.startswith(LEFTOVER_PREFIX) and path.suffix == suffix
        ]
    return []


def _swap(fresh: Path, target: Path, old: Path, before: Callable[[bool], None]) -> None:
    replaces = target.exists()
    before(replaces)
    if replaces:
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError as error:
        if replaces:
            old.rename(target)
        elif target.exists():
            raise PlaceTaken(
                f"Something else is at {printable(str(target))} by now.", "Choose another name."
            ) from error
        raise
    sync_folder(target.parent)


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        elif path.is_dir():
            sync_folder(path)
    sync_folder(folder)
