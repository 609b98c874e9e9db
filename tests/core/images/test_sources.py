import os
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.foundation.text import printable
from desktop_app.core.images.sources import DataSource, FileSource, LinkSource, PixelSource


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/a/b%20c.png?x=1", "b c.png"),
        ("https://example.org/", "example.org"),
        ("https://example.org", "example.org"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_the_name_of_a_link(url, name):
    assert LinkSource(url).name == name


def test_names_can_be_shown():
    source = FileSource(Path(os.fsdecode(b"/tmp/caf\xe9\n.jpg")))

    assert source.name == "caf\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}.jpg"
    assert source.text.encode("utf-8")
    assert printable("\N{CAT FACE} ok") == "\N{CAT FACE} ok"


@pytest.mark.parametrize("number", [0xD800, 0xDBFF, 0xDC00, 0xDC7F, 0xDC80, 0xDCFF, 0xDD00, 0xDFFF])
def test_lone_surrogates_of_any_system_can_be_shown(number):
    name = f"cat {chr(number)}.jpg"
    assert FileSource(Path(name)).name == "cat \N{REPLACEMENT CHARACTER}.jpg"
    assert LinkSource(f"http://example.org/{name}").text.encode("utf-8")


def test_names_read_as_bytes_are_shown_as_what_they_are():
    assert printable("caf\udcc3\udca9") == "caf\N{LATIN SMALL LETTER E WITH ACUTE}"


def test_sources_without_a_place():
    pixels = PixelSource("pasted", np.zeros((1, 1, 3), np.uint8))
    assert (pixels.name, pixels.text) == ("pasted", "pasted")
    data = DataSource("dragged", b"x")
    assert (data.name, data.text) == ("dragged", "dragged")
