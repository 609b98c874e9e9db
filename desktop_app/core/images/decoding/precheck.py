"""Looks into a few formats before Pillow does, where a small file can make a decoder work without end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.failures import GET_AGAIN
from desktop_app.core.images.decoding.limits import refuse_pixels

if TYPE_CHECKING:
    from collections.abc import Callable

_ICON_PIXELS = 16_000_000
"""4,000 x 4,000 is beyond any icon; Pillow decodes icons while opening them, before it gives their size."""

_SCAN_PIXELS = 5_000_000_000
"""Scans times pixels of a JPEG, about 4 seconds of work; progressive ones have about 10 scans at any size."""

_JPEG_LS, _LOSSLESS = 0xF7, 0xC3
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers that begin the description of the picture (ITU-T T.81, table B.1; T.87 for JPEG-LS)."""

_SEQUENTIAL = frozenset({0xC0, 0xC1})
"""Markers of the frame of a JPEG whose scans each go over their components once."""

_START_OF_SCAN = 0xDA
_SEGMENTS = frozenset({0xC4, 0xDB, 0xDD, 0xFE}) | frozenset(range(0xE0, 0xF0))
"""Markers of what else stands in the header of most: tables, restart interval, comments, and what cameras and
programs add."""

_MOST_SEGMENTS = 200
"""Segments to pass over at most: a profile or a thumbnail in pieces has some dozens."""

_CHUNK = 1 << 20

_SCAN = re.compile(b"\xff\xda")
"""A regular expression finds two bytes in half the time of `bytes.count`."""


def check_icon(stream: BinaryIO) -> None:
    """Refuse an icon that hides a huge picture.

    Raises:
        UnreadableImage: One of its pictures has too many pixels.
    """
    count = int.from_bytes(stream.read(6)[4:6], "little")
    entries = [stream.read(16) for _ in range(count)]
    for entry in entries:
        if len(entry) < 16:
            continue  # Pillow says what is wrong with an incomplete directory
        stream.seek(int.from_bytes(entry[12:16], "little"))
        head = stream.read(24)
        if head.startswith(b"\x89PNG"):
            width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
        else:  # a BMP header; a negative height means top-down
            width = abs(int.from_bytes(head[4:8], "little", signed=True))
            height = abs(int.from_bytes(head[8:12], "little", signed=True))
        refuse_pixels(width * height, _ICON_PIXELS)


def check_strips(image: Any) -> None:
    """Refuse a TIFF whose strips or tiles end before the picture does; Pillow would leave the rest black.

    Args:
        image: An opened TIFF.

    Raises:
        UnreadableImage: Part of it is missing.
    """
    right = max(tile[1][2] for tile in image.tile)
    bottom = max(tile[1][3] for tile in image.tile)
    if right * bottom < image.width * image.height:  # the product, because the size is already turned
        raise UnreadableImage("The TIFF picture is incomplete: part of the file is missing.", GET_AGAIN)


def check_jpeg(stream: BinaryIO, pixels: int) -> int:
    """Refuse a JPEG of so many scans that decoding would not end in reasonable time.

    Inside compressed data the byte FF is always followed by 00, so FF DA only begins a scan. Most photos say
    in their header that they have a single one; the decoder takes another behind it for an error.

    Returns:
        The number of scans; where there is more than one, those of embedded thumbnails included.

    Raises:
        UnreadableImage: Scans times pixels is beyond any real picture.
    """
    if _has_single_scan(stream):
        return 1
    stream.seek(0)
    scans, tail = 0, b""
    while chunk := stream.read(_CHUNK):
        scans += sum(1 for _ in _SCAN.finditer(chunk)) + (tail + chunk[:1] == b"\xff\xda")
        tail = chunk[-1:]
    if scans * pixels > _SCAN_PIXELS:
        raise UnreadableImage(f"The JPEG picture is made of {scans:,} layers.", GET_AGAIN)
    return scans


def _has_single_scan(stream: BinaryIO) -> bool:
    """Whether a JPEG is sequential and its first scan holds all components of its frame.

    False as well wherever another reader might understand the header in another way.
    """
    stream.seek(2)
    components = b""
    for _ in range(_MOST_SEGMENTS):
        head = stream.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            return False
        marker, rest = head[1], int.from_bytes(head[2:4], "big") - 2
        if marker == _START_OF_SCAN:
            return components != b"" and stream.read(1) == components
        if marker in _SEQUENTIAL and not components and rest >= 6:
            components = stream.read(6)[5:]
            rest -= 6
        elif marker not in _SEGMENTS or rest < 0:
            return False
        stream.seek(rest, 1)
    return False


def name_jpeg(stream: BinaryIO) -> None:
    """Refuse by name what is a JPEG to its first bytes, but of a kind that Pillow does not open.

    Args:
        stream: The file; it is moved.

    Raises:
        UnreadableImage: It is one.
    """
    stream.seek(2)
    while len(head := stream.read(10)) == 10 and head[0] == 0xFF:
        marker, length = head[1], int.from_bytes(head[2:4], "big")
        if marker == _JPEG_LS:
            kind = "a JPEG-LS picture"
        elif marker in _FRAME_MARKERS and head[4] != 8:
            kind = f"a {'lossless ' if marker == _LOSSLESS else ''}JPEG picture of {head[4]} bits"
        else:
            stream.seek(length - 8, 1)
            continue
        raise UnreadableImage(
            f"This is {kind}, which Sightline cannot open.", "Save it as PNG or TIFF, then try again."
        )


BEFORE_OPENING: dict[str, Callable[[BinaryIO], None]] = {"ICO": check_icon}
"""Checks by Pillow's name of the format; each leaves the stream anywhere."""
