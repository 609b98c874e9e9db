"""The directories of a TIFF: what each page says about itself, before anything is decoded (TIFF 6.0)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from desktop_app.core.foundation.errors import UnreadableImage

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PAGES = 20_000
_MOST_ENTRIES = 4_096
MOST_PIECES = 1_000_000
"""Strips or tiles of a page; each becomes an object of Python."""

_MOST_TEXT = 4_000_000
"""Bytes of a description: OME's XML names every plane."""

_TYPES = {
    1: "B", 2: "s", 3: "H", 4: "I", 5: "II", 6: "b", 7: "B", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d",
    13: "I", 16: "Q", 17: "q", 18: "Q",
}  # fmt: skip
"""Values of each type, as `struct` writes them."""

_NUMBERS = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 266, 274, 277, 278, 280, 281, 284, 317, 322, 323, 332, 338, 339}
)
"""Tags of whole numbers, which a few programs write as bytes."""

COMPRESSIONS = {
    1: "none", 2: "CCITT RLE", 3: "CCITT fax 3", 4: "CCITT fax 4", 5: "LZW", 6: "old-style JPEG", 7: "JPEG",
    8: "deflate", 34676: "SGI LogLuv", 34677: "SGI LogLuv", 34712: "JPEG 2000", 34887: "LERC",
    34892: "lossy JPEG", 34925: "LZMA", 34926: "zstd", 34927: "WebP", 34933: "PNG", 34934: "JPEG XR",
    50000: "zstd", 50001: "WebP", 50002: "JPEG XL", 52546: "JPEG XL", 22610: "JPEG XR", 32773: "PackBits",
    32946: "deflate", 33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 33007: "JPEG",
}  # fmt: skip
"""Names of compressions for sentences."""

GREY_WHITE_ZERO, GREY, RGB, PALETTE, MASK, CMYK, YCBCR, CIELAB, ICCLAB, ITULAB = 0, 1, 2, 3, 4, 5, 6, 8, 9, 10
FILTER_ARRAY, LINEAR_RAW = 32803, 34892
UNSIGNED, SIGNED, FLOAT, UNTYPED = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Page:
    """One directory.

    Attributes:
        at: Position of the directory in the file.
        tags: Values of its tags, by their numbers; long lists of places are kept apart.
        big_endian: Whether the numbers of the file begin with their highest byte.
    """

    at: int
    tags: dict[int, tuple[Any, ...]]
    big_endian: bool

    def number(self, tag: int, default: int) -> int:
        """The first value of a tag that holds whole numbers."""
        value = self.tags.get(tag, (default,))
        return value[0] if value and isinstance(value[0], int) else default

    def text(self, tag: int) -> str:
        """The text of a tag; empty when it has none."""
        value = self.tags.get(tag, ())
        return value[0] if value and isinstance(value[0], str) else ""

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.number(256, 0)

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.number(257, 0)

    @property
    def samples(self) -> int:
        """Numbers of each pixel."""
        return self.number(277, 1)

    @property
    def bits(self) -> int:
        """Bits of a number; the largest where they differ."""
        return max((int(bits) for bits in self.tags.get(258, (1,))), default=1)

    @property
    def same_bits(self) -> bool:
        """Whether all numbers of a pixel have as many bits."""
        return len(set(self.tags.get(258, (1,)))) <= 1

    @property
    def sample_format(self) -> int:
        """Unsigned, signed, floating-point or untyped numbers; 0 where the bands differ."""
        formats = set(self.tags.get(339, (UNSIGNED,))[: max(self.samples, 1)])
        return int(formats.pop()) if len(formats) == 1 else 0

    @property
    def compression(self) -> int:
        """Compression, see `COMPRESSIONS`."""
        return self.number(259, 1)

    @property
    def photometric(self) -> int:
        """What the numbers mean; grey where it is missing."""
        return self.number(262, GREY)

    @property
    def planar(self) -> bool:
        """Whether each band lies apart from the others."""
        return self.number(284, 1) == 2 and self.samples > 1

    @property
    def extra(self) -> tuple[int, ...]:
        """Meaning of the bands beyond the colours: 1 for transparency they are multiplied by, 2 for other."""
        return tuple(int(value) for value in self.tags.get(338, ()))

    @property
    def orientation(self) -> int:
        """EXIF orientation, 1 to 8."""
        value = self.number(274, 1)
        return value if 1 <= value <= 8 else 1

    @property
    def description(self) -> str:
        """The text that programs describe the picture in."""
        return self.text(270)

    @property
    def is_picture(self) -> bool:
        """Whether it is neither a smaller copy nor a mask of another page."""
        return not self.number(254, 0) & 0b101 and self.number(255, 1) != 2

    @property
    def segment_size(self) -> tuple[int, int]:
        """Width and height of a tile, or of a strip."""
        if 322 in self.tags:
            return self.number(322, 0), self.number(323, 0)
        return self.width, min(self.number(278, self.height), self.height)

    @property
    def segments(self) -> list[tuple[int, int]]:
        """Place and length of the strips or tiles."""
        tiled = 324 in self.tags
        places, lengths = self.tags.get(324 if tiled else 273, ()), self.tags.get(325 if tiled else 279, ())
        return list(zip(places, lengths, strict=False))

    @property
    def segment_bytes(self) -> int:
        """Bytes of an unpacked strip or tile."""
        width, height = self.segment_size
        return width * height * (1 if self.planar else self.samples) * max(self.bits, 8) // 8

    @property
    def segment_count(self) -> int:
        """Number of strips or tiles that cover the page."""
        width, height = self.segment_size
        if width < 1 or height < 1:
            return 0
        pieces = -(-self.width // width) * -(-self.height // height)
        return pieces * (self.samples if self.planar else 1)


class PageReader:
    """Reads the directories of a TIFF.

    Attributes:
        big: Whether it is a BigTIFF, with places of 8 bytes.
        order: Sign of the byte order for `struct`.
    """

    def __init__(self, stream: BinaryIO) -> None:
        """Read the header.

        Args:
            stream: The file; its position is moved.
        """
        self._stream = stream
        stream.seek(0)
        head = stream.read(16)
        self.order: Literal["<", ">"] = "<" if head[:2] == b"II" else ">"
        self.big = head[2:4] in {b"+\0", b"\0+"}
        self._first = self._unpack("Q", head[8:16]) if self.big else self._unpack("I", head[4:8])

    def pages(self) -> Iterator[Page]:
        """Read the chain of directories, each once, `MOST_PAGES` at most.

        Raises:
            UnreadableImage: There are more.
        """
        seen: set[int] = set()
        at = self._first
        while at and at not in seen:
            if len(seen) >= MOST_PAGES:
                raise UnreadableImage(
                    f"The TIFF has more than {MOST_PAGES:,} pages.", "Save the pages that you need as files."
                )
            seen.add(at)
            page, at = self._page(at)
            if page is None:
                return
            yield page

    def page_at(self, at: int) -> Page | None:
        """Read the directory at a place, such as that of a smaller copy; None for none."""
        return self._page(at)[0]

    def _page(self, at: int) -> tuple[Page | None, int]:
        """Read a directory, and where the next one is."""
        count_kind, entry_bytes, place_kind = ("Q", 20, "Q") if self.big else ("H", 12, "I")
        if at >= 1 << 62:
            return None, 0
        self._stream.seek(at)
        count = self._read(count_kind)
        if not count or count > _MOST_ENTRIES:
            return None, 0
        entries = self._stream.read(count * entry_bytes)
        following = self._read(place_kind) or 0
        tags: dict[int, tuple[Any, ...]] = {}
        for start in range(0, len(entries) - entry_bytes + 1, entry_bytes):
            entry = entries[start : start + entry_bytes]
            tag, kind = struct.unpack(self.order + "HH", entry[:4])
            if tag in tags or kind not in _TYPES:
                continue
            value = self._value(tag, kind, entry[4:])
            if value is not None:
                tags[tag] = value
        return Page(at, tags, self.order == ">"), following

    def _value(self, tag: int, kind: int, rest: bytes) -> tuple[Any, ...] | None:
        place_bytes = 8 if self.big else 4
        place_kind = "Q" if self.big else "I"
        count = self._unpack(place_kind, rest[:place_bytes])
        code = _TYPES[kind]
        size = struct.calcsize("<" + code) * count
        if tag in {273, 279, 324, 325} and count > MOST_PIECES:
            raise UnreadableImage(
                "The TIFF picture is cut into more than a million pieces.",
                "Get the picture again from its source, or open it in another program and save it again.",
            )
        if size > _MOST_TEXT or (kind in {1, 7} and size > 65_536 and tag != 34675):
            return ()  # data of other programs, of which only the presence counts
        data = rest[place_bytes : place_bytes + size]
        if size > place_bytes:
            self._stream.seek(self._unpack(place_kind, rest[place_bytes:]) & 0x3FFF_FFFF_FFFF_FFFF)
            data = self._stream.read(size)
        if len(data) < size:
            return None
        if kind == 2:
            return (data.split(b"\0", 1)[0].decode("utf-8", "replace"),)
        if kind in {1, 7} and tag not in _NUMBERS:
            return (data,)
        return struct.unpack(f"{self.order}{code * count if len(code) > 1 else f'{count}{code}'}", data)

    def _read(self, kind: str) -> int | None:
        size = struct.calcsize("<" + kind)
        data = self._stream.read(size)
        return self._unpack(kind, data) if len(data) == size else None

    def _unpack(self, kind: str, data: bytes) -> int:
        size = struct.calcsize("<" + kind)
        return int(struct.unpack(self.order + kind, data[:size].ljust(size, b"\0"))[0])
