"""Reading a tar archive from front to back."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING, BinaryIO, cast

from desktop_app.core.datasets.archives.unpacking import MAX_RATIO, RATIO_FREE_BYTES, Unpacker
from desktop_app.core.datasets.report import DatasetError

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_AT_ONCE = 16_000_000
"""Bytes that the library may want in one piece; it reads headers whole, and they say themselves how long."""

_PIECE = 1 << 20


class _Forward:
    """A stream that only moves forward, as a decompressor does, with the same limits for skipped bytes."""

    def __init__(self, stream: BinaryIO, archive_bytes: int, unpacker: Unpacker) -> None:
        self._stream = stream
        self._most = max(RATIO_FREE_BYTES, MAX_RATIO * archive_bytes)
        self._unpacker = unpacker
        self._at = 0

    def read(self, size: int = -1, /) -> bytes:
        """Read up to ``size`` bytes.

        Raises:
            DatasetError: The size is too large at once, or in total.
        """
        if not 0 <= size <= _MOST_AT_ONCE:
            raise DatasetError(f"The archive {self._unpacker.shown} has an absurdly long header.", "")
        data = self._stream.read(size)
        self._at += len(data)
        if self._at > self._most:
            self._unpacker.refuse_ratio()
        return data

    def tell(self) -> int:
        """Bytes from the beginning."""
        return self._at

    def seek(self, position: int, whence: int = 0, /) -> int:
        """Move forward to a position.

        Raises:
            tarfile.ReadError: It lies behind, or beyond the end.
        """
        if whence or position < self._at:
            message = "a tar archive is read from front to back"
            raise tarfile.ReadError(message)
        while self._at < position:
            if not self.read(min(position - self._at, _PIECE)):
                message = "unexpected end of data"
                raise tarfile.ReadError(message)
        return self._at


def unpack_tar(
    stream: BinaryIO, file: BinaryIO, unpacker: Unpacker, on_progress: Callable[[int], None]
) -> None:
    """Unpack all files.

    Args:
        stream: The tar archive, decompressed.
        file: The file that it is read from; its position is the progress.
        unpacker: Unpacker that writes the files.
        on_progress: Callback with the bytes of ``file`` that are done.

    Raises:
        tarfile.TarError: The archive is damaged.
        DatasetError: It is beyond the limits.
    """
    forward = _Forward(stream, unpacker.archive_bytes, unpacker)
    with tarfile.open(fileobj=cast("BinaryIO", forward), mode="r:") as tar:
        while (member := tar.next()) is not None:
            unpacker.count()
            on_progress(file.tell())
            _unpack_member(tar, member, unpacker)
            tar.members = []  # type: ignore[attr-defined]  # else all of them stay in memory


def _unpack_member(tar: tarfile.TarFile, member: tarfile.TarInfo, unpacker: Unpacker) -> None:
    if member.isdir():
        return
    if member.issparse():
        unpacker.skip(member.name, "It is a sparse file, which no picture is.")
    elif member.islnk() or member.issym():
        unpacker.skip(member.name, "It is a link.")
    elif not member.isreg():
        unpacker.skip(member.name, "It is a device or a pipe, not a file.")
    else:
        source = tar.extractfile(member)
        assert source is not None
        unpacker.write(member.name, source, member.size)
