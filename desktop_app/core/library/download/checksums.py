"""Reading files piece by piece, copying them and computing their checksums."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.files import open_regular
from desktop_app.core.foundation.storage import storage_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from desktop_app.core.foundation.cancellation import CancelToken

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
        cancel: Token checked before every piece.
        on_bytes: Callback with the number of bytes read so far.

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


def copy_and_sum(source: Iterable[bytes], target: BinaryIO) -> Sums:
    """Write pieces into an open file and compute the checksums of what was written.

    Raises:
        OSError: The target cannot be written.
    """
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    for piece in source:
        md5.update(piece)
        sha256.update(piece)
        target.write(piece)
    return Sums(md5.hexdigest(), sha256.hexdigest())


def md5_of_pieces(source: Iterable[bytes]) -> str:
    """MD5 in hexadecimal, to compare with a published one."""
    digest = hashlib.md5(usedforsecurity=False)
    for piece in source:
        digest.update(piece)
    return digest.hexdigest()


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


def sha512_of(path: Path, cancel: CancelToken = NEVER) -> str:
    """SHA-512 of a file in hexadecimal.

    Raises:
        StorageError: It cannot be read.
        Cancelled: The user cancelled.
    """
    digest = hashlib.sha512()
    for piece in pieces(path, cancel):
        digest.update(piece)
    return digest.hexdigest()


def md5_of(path: Path, cancel: CancelToken = NEVER) -> str:
    """MD5 of a file in hexadecimal.

    Raises:
        StorageError: It cannot be read.
        Cancelled: The user cancelled.
    """
    return md5_of_pieces(pieces(path, cancel))
