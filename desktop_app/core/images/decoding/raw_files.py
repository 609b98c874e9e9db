"""Camera RAW by content: many makers' files begin like an ordinary TIFF."""

from __future__ import annotations

import io
from typing import BinaryIO, Literal, NamedTuple

PREFIXES = (
    b"FUJIFILMCCD-RAW",  # Fujifilm RAF
    b"IIRO",  # Olympus ORF
    b"IIRS",
    b"MMOR",
    b"IIU\0",  # Panasonic RW2, Leica RWL
    b"FOVb",  # Sigma X3F
    b"\0MRM",  # Minolta MRW
    b"II\x1a\0\0\0HEAPCCDR",  # Canon CRW
)
"""First bytes of raw files that are no TIFFs to anybody else."""

_TIFF_MARKS = (b"CR\2", b"IIII", b"MMMM")
"""What Canon (CR2) and Phase One (IIQ) write behind the header of the TIFF."""

_COMPRESSION, _PHOTOMETRIC, _SUB_IFDS, _DNG_VERSION, _LEAF_MOS = 259, 262, 330, 50706, 34310
_RAW_PHOTOMETRICS = frozenset({32803, 34892})
"""Colour filter array and linear raw (TIFF/EP 5.2, DNG 1.7)."""
_RAW_COMPRESSIONS = frozenset({32767, 32769, 32770, 34713, 65000, 65535})
"""Sony, Epson, Samsung, Nikon, Kodak and Pentax."""
_RAW_TAGS = frozenset({_DNG_VERSION, _LEAF_MOS})
_MOST_DIRECTORIES = 32
_MOST_ENTRIES = 1000


class _Layout(NamedTuple):
    """How the numbers of a TIFF lie.

    Attributes:
        order: Byte order.
        big: Whether it is a BigTIFF.
    """

    order: Literal["little", "big"]
    big: bool

    def number(self, data: bytes) -> int:
        return int.from_bytes(data, self.order)


def is_camera_raw(stream: BinaryIO) -> bool:
    """Whether a TIFF holds what a camera's sensor saw, beside the thumbnails that Pillow would show.

    Args:
        stream: A file that begins like a TIFF; left at its beginning.
    """
    stream.seek(0)
    head = stream.read(16)
    try:
        if head[8:11] == b"CR\2" or head[8:12] in _TIFF_MARKS:
            return True
        return _has_raw_directory(stream, head)
    finally:
        stream.seek(0)


def _has_raw_directory(stream: BinaryIO, head: bytes) -> bool:
    layout = _Layout("little" if head[:2] == b"II" else "big", head[2:4] in {b"+\0", b"\0+"})
    waiting = [layout.number(head[8:16] if layout.big else head[4:8])]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        at = waiting.pop(0)
        if at in seen or not 0 < at < 1 << 62:
            continue
        seen.add(at)
        raw, following = _look_into(stream, at, layout)
        if raw:
            return True
        waiting += following
    return False


def _look_into(stream: BinaryIO, at: int, layout: _Layout) -> tuple[bool, list[int]]:
    """Whether a directory describes raw data, and the directories that follow from it."""
    count_bytes, entry_bytes, offset_bytes = (8, 20, 8) if layout.big else (2, 12, 4)
    stream.seek(at)
    count = min(layout.number(stream.read(count_bytes)), _MOST_ENTRIES)
    entries = io.BytesIO(stream.read(count * entry_bytes))
    following = [layout.number(stream.read(offset_bytes))]
    while len(entry := entries.read(entry_bytes)) == entry_bytes:
        tag, kind = layout.number(entry[:2]), layout.number(entry[2:4])
        values = layout.number(entry[4 : 4 + offset_bytes])
        field = entry[4 + offset_bytes :]
        value = layout.number(field[: 2 if kind == 3 else offset_bytes])
        if tag in _RAW_TAGS or (tag == _PHOTOMETRIC and value in _RAW_PHOTOMETRICS):
            return True, []
        if tag == _COMPRESSION and value in _RAW_COMPRESSIONS:
            return True, []
        if tag == _SUB_IFDS:
            following += _offsets(stream, value, min(values, _MOST_DIRECTORIES), offset_bytes, layout)
    return False, following


def _offsets(stream: BinaryIO, value: int, count: int, size: int, layout: _Layout) -> list[int]:
    """Where the directories below one begin: a single offset stands in the entry itself."""
    if count <= 1:
        return [value]
    stream.seek(value)
    data = stream.read(count * size)
    return [layout.number(data[start : start + size]) for start in range(0, len(data), size)]
