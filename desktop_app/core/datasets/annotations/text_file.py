"""Opening a text file whose encoding nobody has written down."""

from __future__ import annotations

import codecs
import contextlib
import io
from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.files import open_regular
from desktop_app.core.foundation.text import printable, readable_size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 2_000_000_000
"""Limit of a file with labels; the largest that are published have about 500 MB."""

MAX_LINE = 4_000_000
"""Limit of a line in characters, so that a file without line breaks does not fill the memory."""

FALLBACK = "cp1252"
"""What a file is taken for that is not UTF-8: the encoding of Western Windows, a superset of Latin-1."""

_PIECE = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(path: Path, cancel: CancelToken = NEVER) -> str:
    """Recognise the encoding: by a byte order mark, by zero bytes, else UTF-8 if the whole file is valid.

    Args:
        path: Text file.
        cancel: Token checked at every megabyte.

    Raises:
        StorageError: It cannot be read.
        DatasetError: It is too large.
        Cancelled: The user cancelled.
    """
    with open_regular(path) as file:
        head = file.read(4096)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        zeros = head[0::2].count(0), head[1::2].count(0)
        if max(zeros) * 4 > len(head):  # more than half of every second byte
            return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        if file.seek(0, io.SEEK_END) > MAX_BYTES:
            raise DatasetError(
                f"{printable(path.name)} has more than {readable_size(MAX_BYTES)}.", "Split the file."
            )
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while piece := file.read(_PIECE):
                cancel.check()
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return FALLBACK
    return "utf-8"


@contextlib.contextmanager
def open_text(path: Path, encoding: str) -> Iterator[io.TextIOWrapper]:
    """Open a text file with the line breaks that it has.

    Args:
        path: Text file.
        encoding: Name of its encoding; what does not fit becomes U+FFFD.

    Raises:
        StorageError: It cannot be read.
    """
    with io.TextIOWrapper(open_regular(path), encoding, errors="replace", newline="") as text:
        yield text


def lines(text: io.TextIOBase, name: str, cancel: CancelToken = NEVER) -> Iterator[str]:
    """Read line by line, within limits.

    Args:
        text: Open file.
        name: The file's name, for the sentence.
        cancel: Token checked at every line.

    Raises:
        DatasetError: A line is too long.
        Cancelled: The user cancelled.
    """
    number = 0
    while line := text.readline(MAX_LINE):
        number += 1
        cancel.check()
        if len(line) == MAX_LINE:
            raise DatasetError(
                f"{printable(name)}: line {number:,} has more than {MAX_LINE:,} characters.",
                "Check whether this is the file with the labels.",
            )
        yield line
