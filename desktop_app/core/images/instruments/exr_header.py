"""The header of an OpenEXR file (OpenEXR File Layout), read before the library sees the file.

The library's older class crashes on some damaged headers when it is asked for them; what it decodes pixels
from is checked here.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from desktop_app.core.foundation.errors import UnreadableImage

_DEEP, _LONG_NAMES, _SEVERAL, _KNOWN = 0x800, 0x400, 0x1000, 0x1E00
"""Bits of the version: many numbers in a pixel, names of up to 255 letters, several parts, and all known."""

_SIZES = {
    "box2i": 16,
    "chromaticities": 32,
    "compression": 1,
    "float": 4,
    "int": 4,
    "double": 8,
    "lineOrder": 1,
    "v2f": 8,
    "v2i": 8,
    "v2d": 16,
    "v3f": 12,
    "v3i": 12,
    "v3d": 24,
    "m33f": 36,
    "m44f": 64,
    "m33d": 72,
    "m44d": 128,
    "rational": 8,
    "keycode": 28,
    "timecode": 8,
    "tiledesc": 9,
    "envmap": 1,
    "deepImageState": 1,
    "box2f": 16,
}
"""Bytes of the values of the types that have always the same."""

_REQUIRED = {
    "channels": "chlist",
    "compression": "compression",
    "dataWindow": "box2i",
    "displayWindow": "box2i",
    "lineOrder": "lineOrder",
    "pixelAspectRatio": "float",
    "screenWindowCenter": "v2f",
    "screenWindowWidth": "float",
}
_MOST_CHANNELS = 1024
_FARTHEST = 1 << 24
"""Farthest pixel from the origin."""

_DAMAGED = "The header of the OpenEXR picture is damaged."
_AGAIN = "Get the picture again from its source."


class Box(NamedTuple):
    """Part of a plane in pixels, right and bottom included, as OpenEXR counts."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.right - self.left + 1, self.bottom - self.top + 1


class Header(NamedTuple):
    """What the first part of a file says.

    Attributes:
        channels: Distance of the numbers of each channel in pixels, across and down, by its name.
        data: Part of the plane that has numbers.
        shown: Part of the plane that is the picture.
        chromaticities: The eight coordinates of red, green, blue and white; empty where there are none.
        deep: Whether pixels have many numbers.
        several: Whether more parts follow the first.
    """

    channels: dict[str, tuple[int, int]]
    data: Box
    shown: Box
    chromaticities: tuple[float, ...]
    deep: bool
    several: bool


def read_header(data: bytes) -> Header:
    """Read and check the header.

    Args:
        data: The whole file.

    Raises:
        UnreadableImage: It is damaged.
    """
    version = int.from_bytes(data[4:8], "little")
    attributes = _attributes(data, 255 if version & _LONG_NAMES else 31)
    types = {name: kind for name, (kind, _value) in attributes.items()}
    if (
        (version & 0xFF) != 2
        or version & ~(0xFF | _KNOWN)
        or any(types.get(name) != kind for name, kind in _REQUIRED.items())
    ):
        raise UnreadableImage(_DAMAGED, _AGAIN)
    values = {name: value for name, (_kind, value) in attributes.items()}
    chromaticities = values.get("chromaticities", b"")
    if chromaticities and types["chromaticities"] != "chromaticities":
        chromaticities = b""
    return Header(
        _channels(values["channels"]),
        _box(values["dataWindow"]),
        _box(values["displayWindow"]),
        struct.unpack("<8f", chromaticities) if chromaticities else (),
        bool(version & _DEEP),
        bool(version & _SEVERAL),
    )


def _attributes(data: bytes, longest: int) -> dict[str, tuple[str, bytes]]:
    """Type and value of each attribute of the first part."""
    found: dict[str, tuple[str, bytes]] = {}
    at = 8
    while data[at : at + 1] != b"\0":
        name, at = _word(data, at, longest)
        kind, at = _word(data, at, longest)
        size = int.from_bytes(data[at : at + 4], "little")
        value = data[at + 4 : at + 4 + size]
        at += 4 + size
        if name in found or len(value) < size or _SIZES.get(kind, size) != size:
            raise UnreadableImage(_DAMAGED, _AGAIN)
        found[name] = (kind, value)
    return found


def _word(data: bytes, at: int, longest: int) -> tuple[str, int]:
    """A name that ends with NUL, and what follows it."""
    end = data.find(b"\0", at, at + longest + 1)
    if end <= at:
        raise UnreadableImage(_DAMAGED, _AGAIN)
    return data[at:end].decode("utf-8", "replace"), end + 1


def _channels(value: bytes) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    at = 0
    while value[at : at + 1] != b"\0":
        name, at = _word(value, at, 255)
        described = value[at : at + 16]
        at += 16
        if len(described) < 16 or len(found) >= _MOST_CHANNELS:
            raise UnreadableImage(_DAMAGED, _AGAIN)
        kind, _linear, across, down = struct.unpack("<iIii", described)
        if kind not in {0, 1, 2} or across < 1 or down < 1 or name in found:
            raise UnreadableImage(_DAMAGED, _AGAIN)
        found[name] = (across, down)
    return found


def _box(value: bytes) -> Box:
    box = Box(*struct.unpack("<4i", value))
    if min(box.size) < 1 or any(abs(side) > _FARTHEST for side in box):
        raise UnreadableImage(_DAMAGED, _AGAIN)
    return box
