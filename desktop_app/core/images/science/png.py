"""PNG of 16 bits a channel, of whose colours Pillow keeps the upper 8."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from PIL import Image

from desktop_app.core.images.science.frames import Frames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from desktop_app.core.images.science.frames import Colours

_BANDS: dict[int, tuple[int, Colours]] = {0: (1, "grey"), 2: (3, "rgb"), 4: (2, "grey"), 6: (4, "rgb")}
"""Bands and meaning of each colour type (PNG, third edition, 11.2.1); palettes have 8 bits at most."""

_ADAM7 = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
)  # fmt: skip
"""Left, top, and steps of the passes of an interlaced picture."""

_ORIENTATION = 274
_HEADER_BYTES = 33


def open_frames(stream: BinaryIO) -> Frames | None:
    """Read the header of a PNG.

    Args:
        stream: The file; it stays open while the result is used.

    Returns:
        What is in it; None for pictures of 8 bits.
    """
    header = stream.read(_HEADER_BYTES)
    stream.seek(0)
    if len(header) < _HEADER_BYTES or header[24] != 16 or header[25] not in _BANDS:
        return None
    stored, colours = _BANDS[header[25]]
    with Image.open(stream, formats=("PNG",)) as image:
        width, height = image.size
        if getattr(image, "is_animated", False):
            stream.seek(0)
            return None
        clear = image.info.get("transparency")  # the colour that stands for no colour
        bands = stored if clear is None else stored + 1
        profile = image.info.get("icc_profile")
        orientation = image.getexif().get(_ORIENTATION, 1)

    def read(_plane: int) -> NDArray[Any]:
        import imagecodecs

        rows = _rows(stream, header, 2 * stored)
        numbers = np.asarray(imagecodecs.png_decode(_plain(header, rows))).reshape(height, width, stored)
        if clear is None:
            return numbers
        cover = (numbers != np.asarray(clear)).any(axis=-1, keepdims=True) * np.uint16(65535)
        return np.concatenate([numbers, cover], axis=-1)

    return Frames(
        kind="PNG",
        height=height,
        width=width,
        bands=bands,
        dtype=np.dtype(np.uint16),
        read=read,
        colours=colours,
        alpha=bands - 1 if bands in {2, 4} else None,
        profile=profile if isinstance(profile, bytes) else None,
        orientation=orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1,
        needed_bytes=6 * width * height * bands,
    )


def _rows(stream: BinaryIO, header: bytes, pixel_bytes: int) -> bytes:
    """Unpack the filtered rows; the decoder writes to the terminal when it finds that their check is wrong.

    Raises:
        EOFError: Some are missing.
        zlib.error: They are damaged.
    """
    expected = sum(height * (1 + width * pixel_bytes) for width, height in _passes(header) if width)
    unpacker = zlib.decompressobj()
    rows = bytearray()
    for data in _data(stream):
        rows += unpacker.decompress(data, max(expected - len(rows), 1))
        while unpacker.unconsumed_tail and len(rows) < expected:
            rows += unpacker.decompress(unpacker.unconsumed_tail, expected - len(rows))
    if len(rows) < expected:
        raise EOFError
    return bytes(rows[:expected])


def _data(stream: BinaryIO) -> Iterator[bytes]:
    """The pieces of compressed data."""
    stream.seek(_HEADER_BYTES)
    while len(start := stream.read(8)) == 8:
        length, kind = int.from_bytes(start[:4], "big"), start[4:]
        if kind == b"IDAT":
            data = stream.read(length)
            check = stream.read(4)
            if len(data) < length or int.from_bytes(check, "big") != zlib.crc32(kind + data):
                raise EOFError if len(check) < 4 else zlib.error
            yield data
        elif kind == b"IEND":
            return
        else:
            stream.seek(length + 4, io.SEEK_CUR)


def _passes(header: bytes) -> Iterator[tuple[int, int]]:
    """Width and height of the picture, or of each of the seven passes of an interlaced one (PNG, 8.1)."""
    width, height = int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")
    if not header[28]:
        yield width, height
        return
    for left, top, across, down in _ADAM7:
        yield max(-(-(width - left) // across), 0), max(-(-(height - top) // down), 0)


def _plain(header: bytes, rows: bytes) -> bytes:
    """A PNG of nothing but these rows."""
    chunks = [(b"IHDR", header[16:29]), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b"")]
    return header[:8] + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        for kind, data in chunks
    )
