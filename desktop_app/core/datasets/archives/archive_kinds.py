"""Recognises archives by their first bytes, and opens the compressed ones."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zlib
from contextlib import nullcontext
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

ArchiveKind = Literal["zip", "tar", "gzip", "bzip2", "xz"]

DAMAGED = (tarfile.TarError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, EOFError)
"""What reading a damaged tar archive raises; bzip2 raises OSError without a number as well."""

_MAGIC: dict[bytes, ArchiveKind] = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
}


def archive_kind(file: BinaryIO) -> ArchiveKind | None:
    """Recognise an archive; a compressed file is one if it holds a tar archive, or ends before that shows.

    Args:
        file: An open file; left at its beginning.

    Raises:
        OSError: It cannot be read.
    """
    file.seek(0)
    head = file.read(tarfile.BLOCKSIZE)
    kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    if kind in {"gzip", "bzip2", "xz"}:
        file.seek(0)
        try:
            with decompressed(file, kind) as stream:
                head = stream.read(tarfile.BLOCKSIZE)
        except EOFError:
            return kind
        except (*DAMAGED, OSError):
            head = b""
        finally:
            file.seek(0)
    file.seek(0)
    if kind == "zip" or _is_tar_header(head):
        return kind or "tar"
    return None


def decompressed(file: BinaryIO, kind: ArchiveKind) -> AbstractContextManager[BinaryIO]:
    """Open what is inside a compressed file, from its beginning; closing it leaves ``file`` open."""
    file.seek(0)
    if kind == "gzip":
        return cast("AbstractContextManager[BinaryIO]", gzip.GzipFile(fileobj=file, mode="rb"))
    if kind == "bzip2":
        return cast("AbstractContextManager[BinaryIO]", bz2.BZ2File(file, "rb"))
    if kind == "xz":
        return cast("AbstractContextManager[BinaryIO]", lzma.LZMAFile(file, "rb"))
    return nullcontext(file)


def _is_tar_header(block: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True
