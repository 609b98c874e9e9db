"""Reading a zip archive."""

from __future__ import annotations

import lzma
import os
import stat
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from desktop_app.core.datasets.archives.unpacking import MAX_MEMBERS, Unpacker, kind_problem
from desktop_app.core.datasets.report import DatasetError

if TYPE_CHECKING:
    from collections.abc import Callable

_ENCRYPTED, _UTF8 = 0x1, 0x800
"""Bits 0 and 11 of a member's flags (APPNOTE 6.3.10, 4.4.4)."""

_DAMAGED = "It is damaged in the archive."
_MOST_DIRECTORY_BYTES = 500_000_000
_END_BYTES = 22 + 65_535 + 20
"""The end record with the longest comment, and the locator of the 64-bit one before it."""


def unpack_zip(file: BinaryIO, unpacker: Unpacker, on_progress: Callable[[int], None]) -> None:
    """Unpack all files.

    Args:
        file: The archive.
        unpacker: Unpacker that writes the files.
        on_progress: Callback with the approximate number of bytes of ``file`` that are done.

    Raises:
        zipfile.BadZipFile: The archive is damaged.
        DatasetError: It is protected by a password, or beyond the limits.
    """
    _check_directory(file, unpacker)
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise DatasetError(
                f"The archive {unpacker.shown} is protected by a password.",
                "Unpack it with another program and choose the folder.",
            )
        unpacker.announce(sum(member.file_size for member in members))
        done = 0
        for member in members:
            unpacker.count()
            on_progress(done)
            done += member.compress_size
            _unpack_member(archive, member, unpacker)


def _unpack_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, unpacker: Unpacker) -> None:
    name = _name(member)
    mode = member.external_attr >> 16
    if name.endswith("/"):
        return
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        unpacker.skip(name, kind_problem(mode))
        return
    try:
        with archive.open(member) as source:
            unpacker.write(name, source, member.file_size)
    except NotImplementedError:
        unpacker.skip(name, "It is compressed in a way that cannot be read here.")
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError):
        unpacker.skip(name, _DAMAGED)
    except OSError as error:
        if error.errno is not None:  # the disk's; bzip2's own have no number
            raise
        unpacker.skip(name, _DAMAGED)


def _name(member: zipfile.ZipInfo) -> str:
    """Decode the name; UTF-8 is recognised even where the archive does not declare it, as many do not."""
    name = member.filename
    if not member.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:  # really in the old code page, as the format has it
            name = member.filename
    return name if os.sep == "\\" or "/" in name else name.replace("\\", "/")


def _check_directory(file: BinaryIO, unpacker: Unpacker) -> None:
    """Check how long the table of contents is before it is read: it could fill the memory by itself.

    Raises:
        zipfile.BadZipFile: There is none.
        DatasetError: It is too long.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_BYTES))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        message = "no end record"
        raise zipfile.BadZipFile(message)
    count, length = struct.unpack_from("<HL", tail, at + 10)
    if tail[at - 20 : at - 16] == b"PK\x06\x07":
        (start,) = struct.unpack_from("<Q", tail, at - 12)
        file.seek(min(start, size))
        record = file.read(56)
        if len(record) == 56:
            count, length = struct.unpack_from("<QQ", record, 32)
    if count > MAX_MEMBERS or length > _MOST_DIRECTORY_BYTES:
        raise DatasetError(
            f"The archive {unpacker.shown} has more than {MAX_MEMBERS:,} entries.",
            "Unpack it with another program and choose the folder.",
        )
    file.seek(0)
