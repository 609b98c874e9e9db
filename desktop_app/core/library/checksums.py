"""Reading a file once while copying it and computing its checksums."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.cancellation import NEVER
from desktop_app.core.files import open_regular
from desktop_app.core.storage import storage_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from desktop_app.core.cancellation import CancelToken

_CHUNK = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sums:
    """Checksums in hexadecimal."""

    md5: str
    sha256: str


def pieces(path: Path, cancel: CancelToken, on_bytes: Callable[[int], None] | None = None) -> Iterator[bytes]:
    """Read an ordinary file piece by piece.

    Args:
        path: File to read.
        cancel: Checked before every piece.
        on_bytes: Gets the number of bytes read so far.

    Raises:
        StorageError: It is not an ordinary file or cannot be read.
        Cancelled: The user cancelled.
    """
    done = 0
    with open_regular(path) as file:
        while True:
            cancel.check()
            with storage_errors(path, verb="read"):
                piece = file.read(_CHUNK)
            if not piece:
                return
            yield piece
            done += len(piece)
            if on_bytes is not None:
                on_bytes(done)


def copy_and_sum(
    source: Path, target: BinaryIO, cancel: CancelToken, on_bytes: Callable[[int], None] | None = None
) -> Sums:
    """Copy a file into an open one and compute the checksums of what was copied.

    Raises:
        StorageError: The source cannot be read.
        OSError: The target cannot be written.
        Cancelled: The user cancelled.
    """
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    for piece in pieces(source, cancel, on_bytes):
        md5.update(piece)
        sha256.update(piece)
        target.write(piece)
    return Sums(md5.hexdigest(), sha256.hexdigest())


def sha256_of(path: Path, cancel: CancelToken = NEVER) -> str:
    """SHA-256 of a file in hexadecimal.

    Raises:
        StorageError: It cannot be read.
        Cancelled: The user cancelled.
    """
    digest = hashlib.sha256()
    for piece in pieces(path, cancel):
        digest.update(piece)
    return digest.hexdigest()


def md5_of(path: Path, cancel: CancelToken = NEVER, on_bytes: Callable[[int], None] | None = None) -> str:
    """MD5 of a file in hexadecimal, to compare with a published one.

    Raises:
        StorageError: It cannot be read.
        Cancelled: The user cancelled.
    """
    digest = hashlib.md5(usedforsecurity=False)
    for piece in pieces(path, cancel, on_bytes):
        digest.update(piece)
    return digest.hexdigest()
