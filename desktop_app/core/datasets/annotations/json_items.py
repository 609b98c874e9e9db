"""The items of a JSON document one by one, so that a large one does not fill the memory."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from desktop_app.core.datasets.annotations.text_file import encoding_of, open_text
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper
    from pathlib import Path


class Item(NamedTuple):
    """A member of the document, or an item of one of its arrays.

    Attributes:
        key: Name of the member; empty for the outermost array and for lines.
        value: The value.
        in_array: Whether it is one item of the array of that name.
    """

    key: str
    value: Any
    in_array: bool


MAX_ITEM = 16_000_000
"""Limit of one item in characters."""

_PIECE = 1 << 18
_LONGEST_REST = 4
"""Characters that may follow a number and still belong to it: a point, or e-1."""
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def items_of(path: Path, cancel: CancelToken = NEVER) -> Iterator[Item]:
    """Read a document whose outermost value is an object or an array, or one with a document a line.

    Args:
        path: JSON file.
        cancel: Token checked at every item.

    Yields:
        The members; an array of objects or arrays is not given as a whole, but item by item.

    Raises:
        DatasetError: The file is no such document; the sentence names the character.
        StorageError: It cannot be read.
        Cancelled: The user cancelled.
    """
    encoding = encoding_of(path, cancel)
    with open_text(path, encoding) as text:
        try:
            documents = _is_lines(text)
            text.seek(0)
            reader = _Reader(text, cancel)
            yield from reader.lines() if documents else reader.items()
        except (json.JSONDecodeError, RecursionError) as error:
            where = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
            raise DatasetError(
                f"{printable(path.name)} is no valid JSON document: {where}.",
                "Save it again with the program that made it.",
            ) from error


def _is_lines(text: TextIOWrapper) -> bool:
    """Whether the first line is a document, and another one follows."""
    first, second = text.readline(_PIECE), text.readline(_PIECE)
    if not second.startswith("{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (json.JSONDecodeError, RecursionError):
        return False


class _Reader:
    """Takes one token or value after the other from the beginning of a buffer that is filled as needed."""

    def __init__(self, text: TextIOWrapper, cancel: CancelToken) -> None:
        self._text = text
        self._cancel = cancel
        self._buffer = ""
        self._at = 0
        self._ended = False

    def items(self) -> Iterator[Item]:
        """Read the members of the document."""
        match self._peek():
            case "[":
                self._take("[")
                yield from (Item("", value, in_array=True) for value in self._array())
            case "{":
                yield from self._object()
            case _:
                self._fail("an object or an array is expected")
        if self._peek():
            self._fail("something follows its end")

    def lines(self) -> Iterator[Item]:
        """Read documents that follow one another."""
        while self._peek():
            yield Item("", self._value(), in_array=True)

    def _object(self) -> Iterator[Item]:
        self._take("{")
        if self._peek() == "}":
            self._take("}")
            return
        while True:
            key = self._value()
            if not isinstance(key, str):
                self._fail("a name is expected")
            self._take(":")
            if self._peek() == "[":
                self._take("[")
                if self._peek() in {"{", "["}:
                    yield from (Item(key, value, in_array=True) for value in self._array())
                else:
                    yield Item(key, list(self._array()), in_array=False)
            else:
                yield Item(key, self._value(), in_array=False)
            if self._take(",}") == "}":
                return

    def _array(self) -> Iterator[Any]:
        """Read what follows an opening bracket."""
        if self._peek() == "]":
            self._take("]")
            return
        while True:
            yield self._value()
            if self._take(",]") == "]":
                return

    def _value(self) -> Any:
        """Decode the next value, reading on until it is complete."""
        self._cancel.check()
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError:
                if self._ended or len(self._buffer) - self._at > MAX_ITEM:
                    raise
            else:
                # A number at the end of the buffer, or before a point there, may be incomplete.
                whole = not isinstance(value, int | float) or len(self._buffer) - end > _LONGEST_REST
                if whole or self._ended:
                    self._at = end
                    return value
            self._fill()

    def _peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            match = _SPACE.match(self._buffer, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if self._ended:
                return ""
            self._fill()

    def _take(self, allowed: str) -> str:
        character = self._peek()
        if not character or character not in allowed:
            self._fail(f"{' or '.join(allowed)} is expected")
        self._at += 1
        return character

    def _fill(self) -> None:
        piece = self._text.read(max(_PIECE, len(self._buffer) - self._at))
        self._ended = not piece
        self._buffer = self._buffer[self._at :] + piece
        self._at = 0

    def _fail(self, what: str) -> NoReturn:
        raise json.JSONDecodeError(what, self._buffer, self._at)
