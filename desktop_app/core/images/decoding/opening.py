"""Opening a file that may be anything: never waits for a pipe, never follows a file that grows."""

from __future__ import annotations

import errno
import io
import os
import stat
from typing import TYPE_CHECKING, BinaryIO

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.limits import MAX_FILE_BYTES

if TYPE_CHECKING:
    from pathlib import Path

_PIECE_BYTES = 65_536
_SNAPSHOT_BYTES = 32_000_000
"""Files up to this size are read at once, so that a program rewriting one meanwhile cannot confuse a decoder.

Larger ones are read piece by piece: their bytes would eat into the memory that their pixels need.
"""

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a pipe without a writer would wait for one
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

FILE_GONE = "The file is no longer there."
"""How a reason begins where the file, or the folder that it was in, is missing."""

_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOENT: (FILE_GONE, "Check whether it was moved, renamed or deleted."),
    errno.ENOTDIR: (FILE_GONE, "Check whether its folder was moved or renamed."),
    errno.EACCES: ("You do not have permission to read the file.", "Change its permissions, or copy it."),
    errno.EPERM: ("You do not have permission to read the file.", "Change its permissions, or copy it."),
    errno.ELOOP: ("The file is a link that leads back to itself.", "Delete the link and add the picture."),
    errno.ENAMETOOLONG: ("The file's name is too long.", "Give it a shorter name."),
    errno.EMFILE: ("Too many files are open at the moment.", "Close other programs and try again."),
    errno.EIO: ("The disk reported an error while the file was read.", "Check the disk; copy it again."),
}


def open_picture(source: Path | bytes) -> BinaryIO:
    """Open a picture for reading.

    Args:
        source: A file, or the bytes of one.

    Returns:
        A seekable stream at its beginning; the caller closes it.

    Raises:
        UnreadableImage: It is missing, empty, too large, forbidden, or not an ordinary file.
    """
    if isinstance(source, bytes):
        _check_size(len(source))
        return io.BytesIO(source)
    stream = _open(source)
    try:
        size = os.fstat(stream.fileno()).st_size
        _check_size(size)
        if size > _SNAPSHOT_BYTES:
            return stream
        with stream:
            data = stream.read(size)  # asked for more, Python would set memory aside for all of it
            while len(data) <= _SNAPSHOT_BYTES and (more := stream.read(_PIECE_BYTES)):
                data += more  # it grows, or its file system reported too small a size
        _check_size(len(data))
    except OSError as error:
        stream.close()
        raise explain(error) from error
    except UnreadableImage:
        stream.close()
        raise
    return io.BytesIO(data)


def read_head(path: Path, count: int) -> bytes:
    """Read the first bytes of a file.

    Raises:
        UnreadableImage: It is missing, forbidden, or not an ordinary file.
    """
    try:
        with _open(path) as stream:
            return stream.read(count)
    except OSError as error:
        raise explain(error) from error


def explain(error: OSError | ValueError) -> UnreadableImage:
    """Put a failure of the file system into words."""
    number = error.errno if isinstance(error, OSError) else errno.ENOENT  # ValueError: NUL in the name
    fallback = (f"The file cannot be read: {os.strerror(number or errno.EIO)}.", "Copy it and try again.")
    return UnreadableImage(*_REASONS.get(number or 0, fallback))


def _open(path: Path) -> BinaryIO:
    """Open an ordinary file, and nothing else: some devices already do something when they are opened."""
    try:
        _check_kind(path.stat().st_mode)
        stream = os.fdopen(os.open(path, _FLAGS), "rb")
    except (OSError, ValueError) as error:
        raise explain(error) from error
    try:
        _check_kind(os.fstat(stream.fileno()).st_mode)  # it may have been swapped since
    except UnreadableImage:
        stream.close()
        raise
    return stream


def _check_kind(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise UnreadableImage("This is a folder, not a picture.", "Add the folder to use the pictures in it.")
    if not stat.S_ISREG(mode):
        raise UnreadableImage(
            "This is a device or a pipe, not a file.", "Choose a picture file, such as JPEG or PNG."
        )


def _check_size(size: int) -> None:
    if size == 0:
        raise UnreadableImage("The file is empty (0 bytes).", "Copy or download it again.")
    if size > MAX_FILE_BYTES:
        raise UnreadableImage(
            f"The file has {size / 1e6:,.0f} MB; pictures may have up to {MAX_FILE_BYTES // 1_000_000} MB.",
            "Save the picture as JPEG, or smaller, and try again.",
        )
