"""Writing FlatBuffers from front to back, large arrays last and never in memory.

The package ``flatbuffers`` builds from back to front, with all weights in memory, twice while its buffer
grows.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_ALIGNMENT = 16
"""Of arrays of bytes, as TensorFlow Lite's schema asks for (``force_align: 16``)."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a table; ``code`` as `struct` names its type."""

    code: str
    value: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """A vector of numbers."""

    code: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Text:
    """A text."""

    value: str


@dataclass(frozen=True, slots=True)
class Array:
    """An array of bytes that comes after everything else; ``key`` names it for the caller."""

    key: int
    length: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table: fields by number."""

    fields: Mapping[int, Number | Numbers | Text | Array | Table | Tables]


@dataclass(frozen=True, slots=True)
class Tables:
    """A vector of tables."""

    tables: Sequence[Table]


@dataclass(frozen=True, slots=True)
class Layout:
    """A FlatBuffer without its arrays.

    Attributes:
        head: Its first bytes, padding included, up to the first array.
        arrays: For each array, in order: its key, the position of its first byte, its length. Between them,
            and after the last, is padding with zeros.
        size: Bytes of the whole.
    """

    head: bytes
    arrays: tuple[tuple[int, int, int], ...]
    size: int


def build(root: Table, identifier: bytes) -> Layout:
    """Lay out a FlatBuffer.

    Args:
        root: The table that everything hangs on.
        identifier: Four bytes that name the schema.
    """
    builder = _Builder(identifier)
    builder.point(0, builder.write(root))
    return builder.finish()


class _Builder:
    def __init__(self, identifier: bytes) -> None:
        self._out = bytearray(4) + bytearray(identifier)
        self._arrays: list[tuple[int, Array]] = []

    def write(self, node: Numbers | Text | Table | Tables) -> int:
        """Append something with all that hangs on it, and return its position."""
        match node:
            case Table():
                return self._table(node)
            case Tables():
                start = self._vector(len(node.tables), 4)
                self._out += bytes(4 * len(node.tables))
                for index, table in enumerate(node.tables):
                    self.point(start + 4 + 4 * index, self._table(table))
                return start
            case Numbers():
                start = self._vector(len(node.values), struct.calcsize(f"<{node.code}"))
                self._out += struct.pack(f"<{len(node.values)}{node.code}", *node.values)
                return start
            case Text():
                data = node.value.encode()
                start = self._vector(len(data), 1)
                self._out += data + b"\0"
                return start

    def point(self, position: int, target: int) -> None:
        """Write the offset that leads from one place to another further on."""
        struct.pack_into("<I", self._out, position, target - position)

    def finish(self) -> Layout:
        """Give each array its place."""
        places = []
        end = len(self._out)
        for position, array in self._arrays:
            start = end + 4 + -(end + 4) % _ALIGNMENT
            places.append((array.key, start, array.length))
            self.point(position, start - 4)
            end = start + array.length
        head = bytes(self._out)
        if places:
            head = head.ljust(places[0][1] - 4, b"\0")
        return Layout(head, tuple(places), end + -end % _ALIGNMENT)

    def _table(self, table: Table) -> int:
        """Write the list of fields, the table behind it, and then what its fields lead to."""
        placed: dict[int, int] = {}
        size = 4
        # Wide fields first, so that none needs padding but the first.
        for slot, node in sorted(table.fields.items(), key=lambda item: -_width(item[1])):
            width = _width(node)
            size += -size % width
            placed[slot] = size
            size += width
        count = max(table.fields, default=-1) + 1
        self._align(8, ahead=4 + 2 * count)
        vtable = len(self._out)
        self._out += struct.pack(
            f"<{count + 2}H", 4 + 2 * count, size, *(placed.get(slot, 0) for slot in range(count))
        )
        start = len(self._out)
        self._out += struct.pack("<i", start - vtable) + bytes(size - 4)
        for slot, node in table.fields.items():
            place = start + placed[slot]
            if isinstance(node, Number):
                struct.pack_into(f"<{node.code}", self._out, place, node.value)
            elif isinstance(node, Array):
                self._arrays.append((place, node))
            else:
                self.point(place, self.write(node))
        return start

    def _vector(self, count: int, width: int) -> int:
        self._align(max(4, width), ahead=4)
        start = len(self._out)
        self._out += struct.pack("<I", count)
        return start

    def _align(self, width: int, ahead: int) -> None:
        """Pad, so that what comes ``ahead`` bytes later is aligned."""
        self._out += bytes(-(len(self._out) + ahead) % width)


def _width(node: object) -> int:
    return struct.calcsize(f"<{node.code}") if isinstance(node, Number) else 4
