"""Reading FlatBuffers of unknown origin: every offset is checked before it is followed.

The package ``flatbuffers`` follows whatever offset it finds: a negative one wraps around to the end of the
buffer, and a vector may claim any length. Here a place outside the file, or a field outside its table,
refuses the file. The format is described in https://flatbuffers.dev/internals: a table begins with the
distance to its vtable, which has the place of each field; tables, vectors and texts are reached by unsigned
offsets, so that they always lie further on.

The file is read page by page, not mapped: a mapped file that another program shortens ends this one.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from typing import TYPE_CHECKING, NoReturn

from desktop_app.core.library.inspection.containers.refusal import refuse

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_TABLES = 200_000
"""Tables, vectors and texts that are followed; the largest networks of `keras.applications` have 20,000."""
MAX_TEXT = 1_000
"""Bytes of a name that are read; longer ones are cut."""
_PAGE = 64 * 1024
_PAGES = 64
_VTABLE_HEAD = 4
_LARGEST_VTABLE = 4 + 2 * 64
"""Of any table in the schemas of TensorFlow Lite; the largest has 14 fields."""


class Span:
    """A stretch of the file, which nobody has read yet.

    Attributes:
        start: Its first byte.
        length: Number of its bytes.
    """

    __slots__ = ("length", "start")

    def __init__(self, start: int, length: int) -> None:
        self.start = start
        self.length = length


class Flatbuffer:
    """A file with one FlatBuffer, read where it is looked at."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        """Look at a stretch of a file.

        Args:
            file: The file, open for reading.
            start: First byte of the FlatBuffer.
            size: Number of its bytes, all of which are in the file.
        """
        self._file = file
        self._start = start
        self._size = size
        self._left = MAX_TABLES
        self._pages: OrderedDict[int, bytes] = OrderedDict()

    @property
    def size(self) -> int:
        """Number of its bytes."""
        return self._size

    def root(self, identifier: bytes) -> Table:
        """The table that everything hangs on.

        Args:
            identifier: The four bytes that name the schema.

        Raises:
            ModelError: It is of another kind, or damaged.
        """
        if self.read(4, 4) != identifier:
            damaged()
        return self.table(self.follow(0))

    def read(self, position: int, length: int) -> bytes:
        """Read bytes, all of which must be there.

        Raises:
            ModelError: They are not.
        """
        if position < 0 or length < 0 or position + length > self._size:
            damaged()
        found = bytearray()
        while len(found) < length:
            page, offset = divmod(position + len(found), _PAGE)
            piece = self._page(page)[offset : offset + length - len(found)]
            if not piece:
                damaged()
            found += piece
        return bytes(found)

    def pieces(self, span: Span, most: int) -> list[Span]:
        """Cut a stretch into pieces of at most ``most`` bytes, to be read by `read_once`."""
        ends = range(span.start, span.start + span.length, most)
        return [Span(start, min(most, span.start + span.length - start)) for start in ends]

    def read_once(self, span: Span) -> bytes:
        """Read a stretch that nobody is going to look at again.

        Raises:
            ModelError: It is not all there.
        """
        if span.start < 0 or span.length < 0 or span.start + span.length > self._size:
            damaged()
        self._file.seek(self._start + span.start)
        data = self._file.read(span.length)
        if len(data) != span.length:
            damaged()
        return data

    def number(self, position: int, code: str) -> int | float:
        """Read a little-endian number.

        Args:
            position: Its first byte.
            code: Its type, as `struct` names it.

        Raises:
            ModelError: It lies outside.
        """
        form = f"<{code}"
        value = struct.unpack(form, self.read(position, struct.calcsize(form)))[0]
        assert isinstance(value, int | float)
        return value

    def follow(self, position: int) -> int:
        """Where an offset leads; each one followed counts against the limit.

        Raises:
            ModelError: It leads outside, or nowhere, or too many were followed.
        """
        self._left -= 1
        if self._left < 0:
            refuse("it has too many parts")
        distance = int(self.number(position, "I"))
        if not 4 <= distance <= self._size - position - 4:
            damaged()
        return position + distance

    def table(self, position: int) -> Table:
        """A table at a place.

        Raises:
            ModelError: It, or the list of its fields, lies outside.
        """
        vtable = position - int(self.number(position, "i"))
        size, table_size = (int(self.number(vtable + place, "H")) for place in (0, 2))
        if not _VTABLE_HEAD <= size <= _LARGEST_VTABLE or size % 2 or table_size < 4:
            damaged()
        if position + table_size > self._size:
            damaged()
        fields = struct.unpack(f"<{size // 2 - 2}H", self.read(vtable + _VTABLE_HEAD, size - _VTABLE_HEAD))
        return Table(self, position, table_size, fields)

    def _page(self, number: int) -> bytes:
        page = self._pages.get(number)
        if page is None:
            self._file.seek(self._start + number * _PAGE)
            page = self._file.read(min(_PAGE, self._size - number * _PAGE))
            self._pages[number] = page
            if len(self._pages) > _PAGES:
                self._pages.popitem(last=False)
        return page


class Table:
    """A table of a FlatBuffer: fields by number, each of which may be absent."""

    __slots__ = ("_buffer", "_fields", "_position", "_size")

    def __init__(self, buffer: Flatbuffer, position: int, size: int, fields: tuple[int, ...]) -> None:
        self._buffer = buffer
        self._position = position
        self._size = size
        self._fields = fields

    @property
    def present(self) -> tuple[int, ...]:
        """Numbers of the fields that are there."""
        return tuple(field for field, place in enumerate(self._fields) if place)

    def number(self, field: int, code: str, default: float = 0) -> int | float:
        """A number, or its default.

        Raises:
            ModelError: It lies outside the table.
        """
        place = self._place(field, struct.calcsize(f"<{code}"))
        return default if place is None else self._buffer.number(place, code)

    def whole(self, field: int, code: str, default: int = 0) -> int:
        """A whole number, or its default.

        Raises:
            ModelError: It lies outside the table.
        """
        return int(self.number(field, code, default))

    def table(self, field: int) -> Table | None:
        """A table, or None.

        Raises:
            ModelError: It lies outside.
        """
        place = self._place(field, 4)
        return None if place is None else self._buffer.table(self._buffer.follow(place))

    def tables(self, field: int, most: int, what: str) -> list[Table]:
        """A vector of tables; empty where it is absent.

        Args:
            field: Number of the field.
            most: Tables that it may have.
            what: What they are, for the refusal.

        Raises:
            ModelError: One lies outside, or there are too many.
        """
        span = self._vector(field, 4)
        if span is None:
            return []
        if span.length // 4 > most:
            refuse(f"it has too many {what}")
        places = range(span.start, span.start + span.length, 4)
        return [self._buffer.table(self._buffer.follow(place)) for place in places]

    def numbers(self, field: int, code: str, most: int) -> tuple[int | float, ...] | None:
        """A vector of numbers; None where it is absent.

        Raises:
            ModelError: It lies outside, or is too long.
        """
        span = self._vector(field, struct.calcsize(f"<{code}"))
        if span is None:
            return None
        count = span.length // struct.calcsize(f"<{code}")
        if count > most:
            damaged()
        return struct.unpack(f"<{count}{code}", self._buffer.read(span.start, span.length))

    def whole_numbers(self, field: int, code: str, most: int) -> tuple[int, ...] | None:
        """A vector of whole numbers; None where it is absent.

        Raises:
            ModelError: It lies outside, or is too long.
        """
        numbers = self.numbers(field, code, most)
        return None if numbers is None else tuple(map(int, numbers))

    def text(self, field: int) -> str:
        """A text, cut to `MAX_TEXT` bytes; empty where it is absent.

        Raises:
            ModelError: It lies outside.
        """
        span = self._vector(field, 1)
        if span is None:
            return ""
        return self._buffer.read(span.start, min(span.length, MAX_TEXT)).decode(errors="replace")

    def span(self, field: int) -> Span | None:
        """A vector of bytes, unread; None where it is absent.

        Raises:
            ModelError: It lies outside.
        """
        return self._vector(field, 1)

    def _place(self, field: int, length: int) -> int | None:
        """First byte of a field, or None."""
        place = self._fields[field] if field < len(self._fields) else 0
        if not place:
            return None
        if place < 4 or place + length > self._size:
            damaged()
        return self._position + place

    def _vector(self, field: int, item: int) -> Span | None:
        place = self._place(field, 4)
        if place is None:
            return None
        start = self._buffer.follow(place)
        count = int(self._buffer.number(start, "I"))
        if count * item > self._buffer.size - start - 4:
            damaged()
        return Span(start + 4, count * item)


def damaged() -> NoReturn:
    """Refuse a file whose offsets lead outside it.

    Raises:
        ModelError: Always.
    """
    refuse("it is damaged or incomplete", "Copy, download or convert it again.")
