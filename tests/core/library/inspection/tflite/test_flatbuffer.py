"""Offsets of damaged files are never followed: each byte is changed, and each length cut, in memory alone."""

from __future__ import annotations

import io
import random
import struct
import zipfile

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.tflite.format import flatbuffer
from desktop_app.core.library.inspection.tflite.format.document import IDENTIFIER, parse
from desktop_app.core.library.inspection.tflite.format.flatbuffer import Flatbuffer
from desktop_app.core.library.inspection.tflite.trace import follow
from tests.tflite_file import classifier


class Watched(io.BytesIO):
    """A file that notes when somebody reads behind its end or before its beginning."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.size = len(data)

    def seek(self, position: int, whence: int = 0) -> int:
        assert 0 <= position <= self.size
        return super().seek(position, whence)


def read(data: bytes) -> None:
    buffer = Flatbuffer(Watched(data), 0, len(data))
    document = parse(buffer)
    follow(document, buffer, (1, 8, 8, 3))


def test_no_cut_file_is_read():
    data = classifier().bytes()
    read(data)
    for length in range(0, len(data), 7):
        with pytest.raises(ModelError):
            read(data[:length])


def test_changed_bytes_are_refused_or_change_numbers_alone():
    data = classifier().bytes()
    random_ = random.Random(11)
    refused = 0
    for _ in range(1_500):
        content = bytearray(data)
        for _ in range(random_.choice((1, 1, 2, 8))):
            place = random_.randrange(len(content))
            content[place] = random_.choice((0, 1, 0x7F, 0x80, 0xFF, random_.randrange(256)))
        try:
            read(bytes(content))
        except ModelError:
            refused += 1
    assert 300 < refused < 1_400


def test_each_offset_that_leads_outside_is_refused():
    """Every aligned place gets offsets that lead just outside, far outside, and to itself."""
    data = classifier().bytes()
    for place in range(0, len(data) - 4, 4):
        for value in (0, len(data) - place, len(data) - place + 4, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFC):
            content = bytearray(data)
            struct.pack_into("<I", content, place, value)
            try:
                read(bytes(content))
            except ModelError:
                continue


def test_the_number_of_tables_is_limited(monkeypatch):
    data = classifier().bytes()
    monkeypatch.setattr(flatbuffer, "MAX_TABLES", 50)
    with pytest.raises(ModelError, match="too many parts"):
        read(data)


def test_long_files_are_read_in_pages():
    """Whatever lies on two pages is put together."""
    pad = bytes(64 * 1024 - 20)
    data = pad + b"0123456789" * 8 + pad
    buffer = Flatbuffer(Watched(data), 0, len(data))
    assert buffer.read(64 * 1024 - 20, 80) == b"0123456789" * 8
    assert buffer.read(0, len(data)) == data
    with pytest.raises(ModelError):
        buffer.read(len(data) - 3, 4)


def test_other_files_are_no_models():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.txt", "a")
    for data in (b"", b"TFL3", b"\x1c\0\0\0TFL3", archive.getvalue(), b"\x1c\0\0\0ABCD" + bytes(64)):
        with pytest.raises(ModelError):
            Flatbuffer(Watched(data), 0, len(data)).root(IDENTIFIER)
