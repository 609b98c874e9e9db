"""Sources cross to another process unchanged, whatever their names."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.images.dropped import source_from_argument
from desktop_app.core.images.sources import DataSource, FileSource, LinkSource, PixelSource
from desktop_app.workers.application import handover
from desktop_app.workers.application.handover import (
    FurtherStart,
    HandoverError,
    TooMuchToHandOver,
    decode,
    encode,
)

NAMES = ["cat.jpg", "Ünïcödé 🐈.png", "new\nline", 'quo"te', "x" * 255]


def test_nothing():
    assert decode(encode([])) == FurtherStart()


@pytest.mark.parametrize("name", NAMES)
def test_files(tmp_path, name):
    source = FileSource(tmp_path / name)
    line = encode([source])
    assert line.count(b"\n") == 1
    assert decode(line).sources == (source,)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names are Unicode there")
def test_a_name_that_is_not_utf8():
    source = FileSource(Path(os.fsdecode(b"/pictures/\xff\xfe.jpg")))
    assert decode(encode([source])).sources == (source,)


def test_paths_become_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert decode(encode([FileSource(Path("cat.jpg"))])).sources == (FileSource(tmp_path / "cat.jpg"),)


def test_links_and_the_order():
    sources = (
        LinkSource("https://host/a?b=c"),
        FileSource(Path("/b").absolute()),
        LinkSource("https://host"),
    )
    assert decode(encode(sources)).sources == sources


def test_a_link_that_is_not_utf8():
    source = LinkSource("https://host/\udcff.jpg")
    assert decode(encode([source])).sources == (source,)


def test_a_picture_written_out_as_a_word():
    source = source_from_argument("data:image/png;base64,iVBORw0KGgoA/w==")
    assert source == DataSource("picture from a web page", b"\x89PNG\r\n\x1a\n\x00\xff")
    line = encode([source])
    assert line.count(b"\n") == 1
    assert decode(line).sources == (source,)


def test_more_than_the_window_takes(monkeypatch):
    monkeypatch.setattr(handover, "MAX_BYTES", 2000)
    fitting = DataSource("picture", bytes(1000))
    assert decode(encode([fitting])).sources == (fitting,)
    with pytest.raises(TooMuchToHandOver, match=r"takes 2\.0 kB .* come to 2\.8 kB") as caught:
        encode([fitting, fitting])
    assert "files" in caught.value.advice


def test_a_pane_and_pictures(tmp_path):
    source = FileSource(tmp_path / "cat.jpg")
    assert decode(encode([source], "train")) == FurtherStart((source,), "train")
    assert decode(encode([], "of a newer version")).pane == "of a newer version"


def test_without_a_pane_the_message_is_that_of_versions_that_know_none():
    line = encode([LinkSource("https://host")])
    assert json.loads(line).keys() == {"schema_version", "sources"}
    assert decode(b'{"schema_version":1,"sources":[]}\n') == FurtherStart()


def test_what_a_command_line_cannot_hold():
    with pytest.raises(TypeError, match="clipboard"):
        encode([PixelSource("clipboard", np.zeros((1, 1, 3), np.uint8))])


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"GET / HTTP/1.1\r\n",
        b'{"sources": 1}\n',
        b'{"sources": [{"kind": "file", "path": "no base64!"}]}\n',
        b'{"sources": [{"kind": "data", "name": "", "data": "no base64!"}]}\n',
        b'{"sources": [{"kind": "file", "path": "AA=="}], "more": 1}\n',
        b'{"sources": [], "pane": 1}\n',
        b'{"sources": [], "pane": "%s"}\n' % (b"x" * 101),
        b'{"schema_version": 2, "sources": []}\n',
        b"\xff\xfe\n",
    ],
)
def test_something_else_is_refused(line):
    with pytest.raises(HandoverError):
        decode(line)
