"""Bytes of a file in the form that a package takes."""

from __future__ import annotations

import io
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator


def held(stream: BinaryIO) -> io.BytesIO:
    """All of a file in memory, at its beginning: a length that its header invents allocates nothing there.

    Args:
        stream: The file; `opening.open_picture` has refused what is too large.
    """
    stream.seek(0)
    data = stream.getvalue() if isinstance(stream, io.BytesIO) else stream.read()
    return io.BytesIO(data)


@contextmanager
def on_disk(stream: BinaryIO, ending: str) -> Iterator[Path]:
    """A copy of a file for a package that opens paths only; removed afterwards.

    Args:
        stream: The file.
        ending: How the name of the copy ends, with the dot.
    """
    with tempfile.TemporaryDirectory(prefix="sightline-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / f"picture{ending}"
        path.write_bytes(held(stream).getbuffer())
        yield path
