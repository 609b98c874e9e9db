"""The beginning of a JPEG XL file (ISO/IEC 18181): what the plug-in gives too late, or not at all."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image

from desktop_app.core.foundation.errors import UnreadableImage

_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_SIDES = ((9, 1), (13, 1), (18, 1), (30, 1))
_HEADER_BYTES = 8192
"""More than the header has, with the longest names of its channels."""
_ORIENTATION_TAG = 274
_GREY, _D65, _SRGB_PRIMARIES, _LINEAR = 1, 1, 1, 8
"""Values of the colour encoding (18181-1, E.4)."""
_SPOT, _BLACK, _FILTER = 2, 4, 5
"""Types of channels: a spot colour, black ink, a colour filter."""

_Choice = tuple[int, int]
"""Bits that follow, and what is added to them."""


class Header(NamedTuple):
    """What a file says of its picture.

    Attributes:
        width: Width of the numbers as they are stored, not turned upright.
        height: Height, likewise.
        orientation: Orientation in which they lie, 1 to 8: that of the picture data, which decoders obey;
            where those have none, that of EXIF.
        turned_by: Orientation by which a decoder turns them.
        bits: Bits of each number.
        floats: Whether the numbers are floats.
        animated: Whether there may be more than one frame.
        grey: Whether it has one colour.
        alpha: Whether it has transparency.
        premultiplied: Whether the colours are multiplied by the transparency.
        linear: Whether the numbers are linear light of the primaries of sRGB.
        unread: Why its colours cannot be read, after "The JPEG XL picture"; empty when they can.
    """

    width: int
    height: int
    orientation: int
    turned_by: int
    bits: int
    floats: bool
    animated: bool
    grey: bool
    alpha: bool
    premultiplied: bool
    linear: bool
    unread: str

    @property
    def bands(self) -> int:
        """The count of the numbers of a pixel."""
        return (1 if self.grey else 3) + self.alpha


class _Extra(NamedTuple):
    """A channel beside the colours.

    Attributes:
        kind: Its type: 0 for transparency, 4 for black ink.
        premultiplied: Whether the colours are multiplied by it.
    """

    kind: int = 0
    premultiplied: bool = False


class _Bits:
    """Bits of the picture data, the lowest of each byte first (ISO/IEC 18181-1)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def read(self, count: int) -> int:
        first, last = self._at // 8, (self._at + count + 7) // 8
        if last > len(self._data):
            raise EOFError
        value = int.from_bytes(self._data[first:last], "little") >> (self._at % 8)
        self._at += count
        return value & ((1 << count) - 1)

    def choose(self, choices: tuple[_Choice, ...]) -> int:
        """Two bits that choose how a number is written, and the number."""
        bits, offset = choices[self.read(2)]
        return self.read(bits) + offset


def read_header(data: bytes) -> Header:
    """Read the header.

    Args:
        data: The whole file, bare picture data or boxes.

    Raises:
        UnreadableImage: It holds no picture data.
        EOFError: They end before the header does.
    """
    codestream, exif = (data[:_HEADER_BYTES], b"") if data[:2] == b"\xff\x0a" else _unboxed(data)
    if codestream[:2] != b"\xff\x0a":
        raise UnreadableImage("The JPEG XL file holds no picture data.", "Get it again from its source.")
    bits = _Bits(codestream[2:])
    width, height = _size(bits)
    orientation, animated, depth, floats = 1, False, 8, False
    extras: list[_Extra] = []
    grey = linear = False
    if not bits.read(1):  # not everything is as usual
        if bits.read(1):
            orientation = bits.read(3) + 1
            if bits.read(1):
                _size(bits)
            if bits.read(1):
                _preview(bits)
            animated = bool(bits.read(1))
            if animated:
                _animation(bits)
        depth, floats = _depth(bits)
        bits.read(1)  # whether 16 bits suffice inside
        extras = [_extra(bits) for _ in range(bits.choose(((0, 0), (0, 1), (4, 2), (12, 1))))]
        xyb = bits.read(1)  # in which case the decoder chooses the colours
        grey, linear = _colours(bits)
        linear = linear and not xyb
    transparent = [extra for extra in extras if extra.kind == 0]
    lying = orientation if orientation > 1 else _exif_orientation(exif)
    return Header(
        width,
        height,
        lying,
        orientation,
        depth,
        floats,
        animated,
        grey,
        bool(transparent),
        any(extra.premultiplied for extra in transparent),
        linear,
        _why_unread(extras),
    )


def _why_unread(extras: list[_Extra]) -> str:
    kinds = {extra.kind for extra in extras}
    if _BLACK in kinds:
        return "is made of inks (CMYK)"
    return "has channels beside its colours" if kinds - {0} or len(extras) > 1 else ""


def _depth(bits: _Bits) -> tuple[int, bool]:
    """Bits of a number, and whether it is a float."""
    if not bits.read(1):
        return bits.choose(((0, 8), (0, 10), (0, 12), (6, 1))), False
    depth = bits.choose(((0, 32), (0, 16), (0, 24), (6, 1)))
    bits.read(4)
    return depth, True


def _extra(bits: _Bits) -> _Extra:
    if bits.read(1):
        return _Extra()
    kind = _enumerated(bits)
    _depth(bits)
    bits.choose(((0, 0), (0, 3), (0, 4), (3, 1)))
    bits.read(8 * bits.choose(((0, 0), (4, 0), (5, 16), (10, 48))))
    premultiplied = bool(kind == 0 and bits.read(1))
    if kind == _SPOT:
        bits.read(4 * 16)
    if kind == _FILTER:
        bits.choose(((0, 1), (2, 0), (4, 3), (8, 19)))
    return _Extra(kind, premultiplied)


def _colours(bits: _Bits) -> tuple[bool, bool]:
    """Whether there is one colour, and whether the numbers are linear light of the primaries of sRGB."""
    if bits.read(1):
        return False, False
    profile = bits.read(1)
    space = _enumerated(bits)
    if profile or space > _GREY:
        return space == _GREY, False
    white = _enumerated(bits)
    if white != _D65:
        return space == _GREY, False
    if space != _GREY and _enumerated(bits) != _SRGB_PRIMARIES:
        return False, False
    gamma = bits.read(1)
    return space == _GREY, not gamma and _enumerated(bits) == _LINEAR


def _enumerated(bits: _Bits) -> int:
    return bits.choose(((0, 0), (0, 1), (4, 2), (6, 18)))


def _size(bits: _Bits) -> tuple[int, int]:
    """Width and height."""
    small = bits.read(1)

    def side() -> int:
        return 8 * (bits.read(5) + 1) if small else bits.choose(_SIDES)

    height = side()
    ratio = bits.read(3)
    if not ratio:
        return side(), height
    across, down = _RATIOS[ratio]
    return height * across // down, height


def _preview(bits: _Bits) -> None:
    sides = ((0, 16), (0, 32), (5, 1), (9, 33)) if bits.read(1) else ((6, 1), (8, 65), (10, 321), (12, 1345))
    bits.choose(sides)
    if not bits.read(3):
        bits.choose(sides)


def _animation(bits: _Bits) -> None:
    bits.choose(((0, 100), (0, 1000), (10, 1), (30, 1)))
    bits.choose(((0, 1), (0, 1001), (8, 1), (10, 1)))
    bits.choose(((0, 0), (3, 0), (16, 0), (32, 0)))
    bits.read(1)


def _unboxed(data: bytes) -> tuple[bytes, bytes]:
    """The beginning of the picture data, and EXIF, from the boxes of a file (ISO/IEC 18181-2)."""
    codestream, exif, at = b"", b"", 0
    while at + 8 <= len(data):
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        end = len(data) if size == 0 else at + size
        if size and size < head:
            break
        if kind == b"jxlc" and not codestream:
            codestream = data[at + head : at + head + _HEADER_BYTES]
        elif kind == b"jxlp" and len(codestream) < _HEADER_BYTES:
            codestream += data[at + head + 4 : min(end, at + head + 4 + _HEADER_BYTES)]
        elif kind == b"Exif":
            exif = _without_offset(data[at + head : end])
        at = end
    return codestream, exif


def _without_offset(box: bytes) -> bytes:
    """EXIF behind the offset that the standard asks for, and that the plug-in of Pillow does not write."""
    return box if box[:4] in {b"II*\0", b"MM\0*"} else box[4 + int.from_bytes(box[:4], "big") :]


def _exif_orientation(exif: bytes) -> int:
    if not exif:
        return 1
    reader = Image.Exif()
    try:
        reader.load(exif)
        value = reader.get(_ORIENTATION_TAG, 1)
    except Exception:  # noqa: BLE001 damaged remarks about a picture must not cost the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
