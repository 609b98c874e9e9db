"""The attributes of an object in an HDF5 file that are text, read from the bytes themselves.

The library copies a text of variable length into a buffer of the size that the attribute claims, before it
compares that with the size of the text. So a hostile file never comes so far: this module reads object
headers, attribute messages and global heaps itself ("HDF5 File Format Specification Version 3.0", sections
III.E, IV.A and IV.A.2.m), with limits. Everything that Keras writes is there: versions 1 and 2 of the header,
texts of fixed and of variable length, alone or in a list.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, NoReturn

from desktop_app.core.library.inspection.containers.refusal import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

MAX_HEADER_BYTES = 4 * 1024**2
"""All messages of one object."""
MAX_HEAP_BYTES = 32 * 1024**2
"""All heaps with texts that are read."""
MAX_BLOCKS = 256
"""Pieces of one object header."""
MAX_TEXTS = 20_000
"""Texts in one attribute."""

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_CONTINUATION, _ATTRIBUTE, _ATTRIBUTE_INFO = 0x10, 0x0C, 0x15
_SHARED = 0x02
_STRING, _VARIABLE = 3, 9
_UNDEFINED = 2**64 - 1
_REFERENCE = struct.Struct("<IQI")
"""Length of a text of variable length, and the collection and the number in it that hold the text."""


class TextAttributes:
    """Reads attributes of one file.

    Args:
        file: The HDF5 file, open for reading.
        size: Number of its bytes.

    Raises:
        ModelError: It does not begin as HDF5 files of Keras do.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._heaps: dict[int, dict[int, bytes]] = {}
        self._heap_bytes = 0
        start = self._read(0, 9)
        version = start[8]
        # Sizes of addresses and lengths, and the address that all others count from.
        place, base = ((13, 24), (9, 12))[version in {2, 3}]
        if version not in {0, 2, 3} or not start.startswith(_SIGNATURE):
            _odd()
        sizes = self._read(place, 2)
        if sizes != b"\x08\x08" or self._read(base, 8) != bytes(8):
            _odd()

    def of(self, address: int) -> dict[str, list[str]]:
        """Read all text attributes of an object.

        Args:
            address: Where its header begins.

        Returns:
            Texts by the attribute's name, one or several each; attributes of other kinds are left out.

        Raises:
            ModelError: They are damaged, too large, or stored in a way that Keras does not use.
        """
        found: dict[str, list[str]] = {}
        try:
            for kind, flags, body in self._messages(address):
                if kind == _ATTRIBUTE_INFO:
                    self._refuse_dense(body)
                elif kind == _ATTRIBUTE:
                    if flags & _SHARED:
                        _odd()
                    name, texts = self._attribute(body)
                    if texts is not None:
                        found[name] = texts
        except (struct.error, IndexError, UnicodeDecodeError):
            _odd()
        return found

    def _read(self, start: int, length: int) -> bytes:
        if not 0 <= start <= self._size or length > self._size - start:
            _odd()
        self._file.seek(start)
        data = self._file.read(length)
        if len(data) != length:
            _odd()
        return data

    def _messages(self, address: int) -> Iterator[tuple[int, int, bytes]]:
        """Kind, flags and content of each message of a header, in all its blocks."""
        prefix = self._read(address, 6)
        modern = prefix.startswith(b"OHDR")
        extra = 0
        if modern:
            options = prefix[5]
            extra = 2 if options & 4 else 0
            start = address + 6 + (16 if options & 32 else 0) + (4 if options & 16 else 0)
            width = 1 << (options & 3)
            waiting = [(start + width, int.from_bytes(self._read(start, width), "little"))]
        elif prefix[0] == 1:
            waiting = [(address + 16, int.from_bytes(self._read(address + 8, 4), "little"))]
        else:
            _odd()
        budget, blocks = MAX_HEADER_BYTES, 0
        while waiting:
            start, length = waiting.pop(0)
            budget -= length
            blocks += 1
            if budget < 0 or blocks > MAX_BLOCKS:
                _odd()
            for kind, flags, body in _split(self._read(start, length), modern, extra):
                if kind == _CONTINUATION:
                    target, size = struct.unpack_from("<QQ", body)
                    if modern:  # its block has a signature in front and a checksum behind
                        target, size = target + 4, size - 8
                    if size < 0:
                        _odd()
                    waiting.append((target, size))
                else:
                    yield kind, flags, body

    def _refuse_dense(self, body: bytes) -> None:
        options = body[1]
        (heap,) = struct.unpack_from("<Q", body, 2 + (2 if options & 1 else 0))
        if heap != _UNDEFINED:
            _odd()

    def _attribute(self, body: bytes) -> tuple[str, list[str] | None]:
        version, flags, name_size, type_size, space_size = struct.unpack_from("<BBHHH", body)
        if version not in {1, 2, 3} or (version > 1 and flags & 3):
            _odd()
        position = 9 if version == 3 else 8
        parts = []
        for size in (name_size, type_size, space_size):
            parts.append(body[position : position + size])
            position += -(-size // 8) * 8 if version == 1 else size
        name, kind, space = parts
        count = _count(space)
        texts = self._texts(kind, body[position:], count)
        return name.rstrip(b"\0").decode(), texts

    def _texts(self, kind: bytes, data: bytes, count: int) -> list[str] | None:
        if not count:
            return []
        (size,) = struct.unpack_from("<I", kind, 4)
        number = kind[0] & 15
        if number == _STRING:
            if count > MAX_TEXTS or size * count > len(data):
                _odd()
            pieces = [data[each * size : (each + 1) * size].split(b"\0", 1)[0] for each in range(count)]
        elif number == _VARIABLE and kind[1] & 15 == 1 and size == _REFERENCE.size:
            if count > MAX_TEXTS or size * count > len(data):
                _odd()
            pieces = [self._text(*_REFERENCE.unpack_from(data, each * size)) for each in range(count)]
        else:
            return None
        return [piece.decode() for piece in pieces]

    def _text(self, length: int, address: int, number: int) -> bytes:
        if not length:
            return b""
        text = self._heap(address).get(number)
        if text is None or len(text) != length:
            _odd()
        return text.split(b"\0", 1)[0]

    def _heap(self, address: int) -> dict[int, bytes]:
        """Objects of a collection by their numbers."""
        if address not in self._heaps:
            head = self._read(address, 16)
            (size,) = struct.unpack_from("<Q", head, 8)
            self._heap_bytes += size
            if not head.startswith(b"GCOL\x01") or size < 16 or self._heap_bytes > MAX_HEAP_BYTES:
                _odd()
            self._heaps[address] = _objects(self._read(address, size))
        return self._heaps[address]


def _objects(collection: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    position = 16
    while position + 16 <= len(collection):
        number, _, _, size = struct.unpack_from("<HHIQ", collection, position)
        if number == 0:
            break
        if size > len(collection) - position - 16:
            _odd()
        found[number] = collection[position + 16 : position + 16 + size]
        position += 16 + -(-size // 8) * 8
    return found


def _split(block: bytes, modern: bool, extra: int) -> Iterator[tuple[int, int, bytes]]:
    head = 4 + extra if modern else 8
    position = 0
    while position + head <= len(block):
        if modern:
            kind, size, flags = struct.unpack_from("<BHB", block, position)
        else:
            kind, size, flags = struct.unpack_from("<HHB", block, position)
        position += head
        if size > len(block) - position:
            _odd()
        yield kind, flags, block[position : position + size]
        position += size


def _count(space: bytes) -> int:
    """Number of values of a dataspace; 0 where there is none."""
    version, rank, _, kind = struct.unpack_from("<4B", space)
    if version not in {1, 2} or rank > 8:
        _odd()
    if version == 2 and kind == 2:
        return 0
    return math.prod(struct.unpack_from(f"<{rank}Q", space, 8 if version == 1 else 4))


def _odd() -> NoReturn:
    refuse("the description in it is damaged, or stored in a way that Keras does not use")
