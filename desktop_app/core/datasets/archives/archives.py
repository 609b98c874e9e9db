"""Unpacking an archive of pictures, which may come from anywhere, into the user's own folder."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING

from desktop_app.core.datasets.archives.archive_kinds import DAMAGED, archive_kind, decompressed
from desktop_app.core.datasets.archives.unpacked_folders import NOTE, mark_used
from desktop_app.core.datasets.archives.unpacking import Unpacker
from desktop_app.core.datasets.archives.unpacking_tar import unpack_tar
from desktop_app.core.datasets.archives.unpacking_zip import unpack_zip
from desktop_app.core.datasets.report import DatasetError, FileProblem, ScanProgress
from desktop_app.core.datasets.throttle import Throttle
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.errors import Reason, StorageError
from desktop_app.core.foundation.files import open_regular, replacing_folder
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_MOST_NAME_BYTES = 60
_GET_AGAIN = "Get the archive again from its source, or unpack it with another program and choose the folder."


def is_archive(path: Path) -> bool:
    """Whether a file is a ZIP or TAR archive that can be unpacked here, recognised by its content."""
    try:
        with open_regular(path) as file:
            return archive_kind(file) is not None
    except (StorageError, OSError):
        return False


def unpack(
    archive: Path,
    target_parent: Path,
    cancel: CancelToken = NEVER,
    on_progress: Callable[[ScanProgress], None] = lambda _progress: None,
) -> Path:
    """Unpack an archive whole or not at all, once: a second time the folder is there already.

    Nothing is written outside the new folder, links and devices are skipped, and there are limits
    (`unpacking`) on number, size and rate of compression. `skipped` lists what was not unpacked.

    Args:
        archive: A zip, tar, tar.gz, tar.bz2 or tar.xz file.
        target_parent: Folder in which the new one is made.
        cancel: Token checked at every piece of a file.
        on_progress: Callback with the bytes of the archive that are done.

    Returns:
        The folder; its name follows from the archive's path, size and time of change.

    Raises:
        DatasetError: It is no archive, damaged, protected by a password, or beyond the limits.
        StorageError: It cannot be read, or the disk is full.
        Cancelled: The user cancelled; nothing is left.
    """
    shown = printable(archive.name)
    with open_regular(archive) as file:
        target = target_parent / _folder_name(archive, os.fstat(file.fileno()))
        if target.is_dir():
            mark_used(target)
            return target
        size = file.seek(0, os.SEEK_END)
        kind = archive_kind(file)
        if kind is None:
            raise DatasetError(f"{shown} is not a ZIP or TAR archive.", _GET_AGAIN)
        throttle = Throttle(on_progress)

        def report(done: int) -> None:
            throttle(min(done, size), size, f"Unpacking {shown}")

        # Pictures are hardly smaller in an archive than outside of it.
        with replacing_folder(target, size=size, many_files=True) as folder:
            unpacker = Unpacker(folder, archive, size, cancel)
            with _damage_named(shown):
                if kind == "zip":
                    unpack_zip(file, unpacker, report)
                else:
                    with decompressed(file, kind) as stream:
                        unpack_tar(stream, file, unpacker, report)
            _write_note(folder, unpacker.problems, archive)
    return target


def skipped(folder: Path) -> tuple[FileProblem, ...]:
    """List what was skipped when a folder was unpacked; nothing for a folder that was not."""
    try:
        with open_regular(folder / NOTE) as file:
            rows = json.loads(file.read())
        archive, problems = folder.__class__(rows["archive"]), rows["problems"]
        return tuple(FileProblem(archive / name, Reason(text, advice)) for name, text, advice in problems)
    except (StorageError, OSError, ValueError, KeyError, TypeError):
        return ()


def _write_note(folder: Path, problems: list[FileProblem], archive: Path) -> None:
    rows = [
        (str(problem.path.relative_to(archive)), problem.reason.text, problem.reason.advice)
        for problem in problems
    ]
    text = json.dumps({"archive": str(archive), "problems": rows})  # in ASCII: lone surrogates survive
    (folder / NOTE).write_text(text, encoding="ascii")


def _folder_name(archive: Path, status: os.stat_result) -> str:
    path = os.fsencode(archive.absolute())
    facts = b"%b\0%d\0%d" % (path, status.st_size, status.st_mtime_ns)
    name = printable(archive.name.lstrip(".")).split(".")[0] or "archive"
    short = "".join(character for character in name if character.isalnum() or character in "-_ ").strip()
    short = short.encode()[:_MOST_NAME_BYTES].decode("utf-8", "ignore").strip() or "archive"
    return f"{short}-{hashlib.blake2b(facts, digest_size=8).hexdigest()}"


@contextlib.contextmanager
def _damage_named(shown: str) -> Iterator[None]:
    """Turn what the libraries raise about a damaged archive into a sentence."""
    try:
        yield
    except (EOFError, tarfile.ReadError) as error:
        raise DatasetError(f"The archive {shown} is incomplete: the rest is missing.", _GET_AGAIN) from error
    except (*DAMAGED, zipfile.BadZipFile, struct.error, ValueError) as error:
        raise DatasetError(f"The archive {shown} is damaged.", _GET_AGAIN) from error
    except OSError as error:
        if error.errno is not None:  # the disk's; bzip2's own have no number
            raise
        raise DatasetError(f"The archive {shown} is damaged.", _GET_AGAIN) from error
