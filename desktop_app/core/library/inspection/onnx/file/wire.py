"""Protocol buffers on the wire: fields one after the other, each with its number and its type.

The format is described in https://protobuf.dev/programming-guides/encoding/. This reader is our own, and not
the package ``onnx``: it reads no stretch of the file whole that it does not need, so that a file of a
gigabyte takes some megabytes; it counts the fields; and it tells what it does not know instead of keeping it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.library.inspection.onnx.file.limits import MAX_FIELDS, MAX_TEXT_BYTES
from desktop_app.core.library.inspection.onnx.file.refusing import refuse_damaged, refuse_onnx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
"""Types of fields; 3 and 4, groups, are no longer used and never were by ONNX."""

_WINDOW = 256 * 1024
_LONGEST_VARINT = 10
_HEAD = 2 * _LONGEST_VARINT


class Field(NamedTuple):
    """One field.

    Attributes:
        number: Its number.
        type: Its type: `VARINT`, `FIXED64`, `BYTES` or `FIXED32`.
        value: Its value as an unsigned number; for `BYTES` their count.
        start: Place of its content in the file.
        end: Place after its content.
    """

    number: int
    type: int
    value: int
    start: int
    end: int

    @property
    def signed(self) -> int:
        """The value as ``int64``."""
        return self.value - (1 << 64) if self.value >> 63 else self.value


class Source:
    """An open file that is read in stretches.

    Attributes:
        size: Its bytes.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.size = file.seek(0, 2)
        self._file = file
        self._window = b""
        self._at = 0
        self._fields = 0

    def read(self, start: int, end: int) -> bytes:
        """Read a stretch.

        Raises:
            ModelError: The file has become shorter meanwhile.
        """
        self._file.seek(start)
        data = self._file.read(end - start)
        if len(data) != end - start:
            refuse_damaged("it ends too early")
        return data

    def fields(self, start: int, end: int) -> Iterator[Field]:
        """List the fields of a message, whose contents are not read.

        Args:
            start: Where it begins.
            end: Where it ends.

        Raises:
            ModelError: It is damaged, or the file has too many fields.
        """
        position = start
        while position < end:
            self._fields += 1
            if self._fields > MAX_FIELDS:
                refuse_onnx("it has too many parts")
            tag, position = self._varint(position, end)
            number, kind = tag >> 3, tag & 7
            if number == 0:
                refuse_damaged("a part of it has no number")
            if kind == VARINT:
                value, after = self._varint(position, end)
            elif kind in (FIXED32, FIXED64):
                after = position + (4 if kind == FIXED32 else 8)
                if after > end:
                    refuse_damaged("it ends too early")
                value = int.from_bytes(self.read(position, after), "little")
            elif kind == BYTES:
                value, position = self._varint(position, end)
                after = position + value
                if after > end:
                    refuse_damaged("a part of it claims more bytes than there are")
            else:
                refuse_damaged("it has parts of an unknown type")
            yield Field(number, kind, value, position, after)
            position = after

    def text(self, field: Field) -> str:
        """Read a name.

        Raises:
            ModelError: It is too long or no UTF-8.
        """
        try:
            return self.bytes(field).decode()
        except UnicodeDecodeError:
            refuse_damaged("a name is not a text")

    def bytes(self, field: Field) -> bytes:
        """Read what is as short as a name.

        Raises:
            ModelError: It is too long.
        """
        if field.type != BYTES:
            refuse_damaged("a name is not a text")
        if field.value > MAX_TEXT_BYTES:
            refuse_onnx(f"a name in it has {field.value:,} bytes")
        return self.read(field.start, field.end)

    def _varint(self, position: int, end: int) -> tuple[int, int]:
        window, at = self._window, self._at
        if not at <= position <= at + len(window) - _HEAD:
            self._file.seek(position)
            window = self._window = self._file.read(_WINDOW)
            at = self._at = position
        index, value, shift = position - at, 0, 0
        last = min(index + _LONGEST_VARINT, end - at, len(window))
        while index < last and window[index] > 0x7F:
            value |= (window[index] & 0x7F) << shift
            shift += 7
            index += 1
        if index >= last or (value | window[index] << shift) >> 64:
            refuse_damaged("a number in it does not end")
        return value | window[index] << shift, at + index + 1


def signed_varints(data: bytes, most: int) -> list[int]:
    """Read ``int64`` numbers that follow one after the other.

    Raises:
        ModelError: They are damaged, or more than ``most``.
    """
    numbers: list[int] = []
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            if value >> 64:
                refuse_damaged("a number in it is too large")
            numbers.append(value - (1 << 64) if value >> 63 else value)
            if len(numbers) > most:
                refuse_onnx(f"it has a list of more than {most:,} numbers")
            value = shift = 0
        elif shift >= 7 * _LONGEST_VARINT:
            refuse_damaged("a number in it does not end")
    if shift:
        refuse_damaged("a number in it does not end")
    return numbers
