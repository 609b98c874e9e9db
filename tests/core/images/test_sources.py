import os
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.images.sources import DataSource, FileSource, LinkSource, PixelSource, printable


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


def test_sources_without_a_place():
    pixels = PixelSource("pasted", np.zeros((1, 1, 3), np.uint8))
    assert (pixels.name, pixels.text) == ("pasted", "pasted")
    data = DataSource("dragged", b"x")
    assert (data.name, data.text) == ("dragged", "dragged")
