"""Looks into the pictures that lie inside a TIFF, whose own headers decide how much memory they take."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

from PIL import Image

from desktop_app.core.foundation.errors import UnreadableImage

if TYPE_CHECKING:
    from typing import BinaryIO

    from desktop_app.core.images.science.tiff_pages import Page

_HEAD_BYTES = 65_536
_SPARE_PIXELS = 1 << 22
"""Pixels by which the picture inside may be larger than its strip or tile."""

_PILLOW = {
    7: "JPEG",
    33007: "JPEG",
    34892: "JPEG",
    34933: "PNG",
    34927: "WEBP",
    50001: "WEBP",
} | dict.fromkeys((33003, 33004, 33005, 34712), "JPEG2000")
_MODULES = {"JPEG2000": "Jpeg2K", "WEBP": "WebP", "PNG": "Png", "JPEG": "Jpeg"}
_JPEG_XL, _JPEG_XR, _LERC = {50002, 52546}, {22610, 34934}, {34887}


def check_inside(page: Page, stream: BinaryIO) -> None:
    """Refuse a page in whose strips or tiles lie pictures that are far larger than these.

    Args:
        page: The page.
        stream: The file.

    Raises:
        UnreadableImage: One of them is.
    """
    kind = page.compression
    if kind not in _PILLOW and kind not in _JPEG_XL | _JPEG_XR | _LERC:
        return
    width, height = page.segment_size
    for place, length in page.segments:
        stream.seek(place)
        head = stream.read(min(length, _HEAD_BYTES))
        if kind in _PILLOW:
            found = _by_pillow(head, _PILLOW[kind])
        elif kind in _JPEG_XL:
            found = jpeg_xl_size(head)
        else:
            found = _jpeg_xr_size(head) if kind in _JPEG_XR else _lerc_size(head)
        if found is not None and found[0] * found[1] > width * height + _SPARE_PIXELS:
            raise UnreadableImage(
                "The TIFF picture has larger pictures inside than it says.",
                "Get the picture again from its source, or open it in another program and save it again.",
            )


def _by_pillow(head: bytes, kind: str) -> tuple[int, int] | None:
    import importlib

    importlib.import_module(f"PIL.{_MODULES[kind]}ImagePlugin")
    try:
        with Image.open(io.BytesIO(head), formats=(kind,)) as image:
            return image.size
    except Exception:  # noqa: BLE001 its decoder will say what is wrong
        return None


def jpeg_xl_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in the header of JPEG XL (ISO/IEC 18181-1, SizeHeader); None for none.

    Args:
        head: The first bytes of a codestream, or of a container that has it near its beginning.
    """
    if head[:4] == b"\0\0\0\x0c":
        found = head.find(b"jxlc")
        start = found + 4 if found >= 0 else head.find(b"jxlp") + 8
        head = head[start:]
    if head[:2] != b"\xff\x0a" or len(head) < 12:
        return None
    bits = int.from_bytes(head[2:14].ljust(12, b"\0"), "little")

    def take(count: int) -> int:
        nonlocal bits
        value = bits & ((1 << count) - 1)
        bits >>= count
        return value

    def side(*, small: bool) -> int:
        return 8 * (take(5) + 1) if small else take((9, 13, 18, 30)[take(2)]) + 1

    small = bool(take(1))
    height = side(small=small)
    ratio = take(3)
    if not ratio:
        return side(small=small), height
    above, below = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))[ratio - 1]
    return height * above // below, height


def _jpeg_xr_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in the directory of JPEG XR (ISO/IEC 29199-2, Annex A)."""
    if head[:3] != b"II\xbc" or len(head) < 10:
        return None
    at = int.from_bytes(head[4:8], "little")
    sides = {}
    for start in range(at + 2, min(at + 2 + 12 * 64, len(head) - 11), 12):
        tag, kind, _count, value = struct.unpack("<HHII", head[start : start + 12])
        if tag in {0xBC80, 0xBC81}:
            sides[tag] = value & 0xFFFF if kind == 3 else value
    return (sides[0xBC80], sides[0xBC81]) if len(sides) == 2 else None


def _lerc_size(head: bytes) -> tuple[int, int] | None:
    """Columns and rows in the header of LERC, of either generation."""
    if head[:6] == b"Lerc2 " and len(head) >= 22:
        version = int.from_bytes(head[6:10], "little", signed=True)
        start = 14 if version >= 3 else 10
        rows, columns = struct.unpack("<ii", head[start : start + 8])
    elif head[:10] == b"CntZImage " and len(head) >= 26:
        rows, columns = struct.unpack("<ii", head[18:26])
    else:
        return None
    return max(columns, 0), max(rows, 0)
