from __future__ import annotations

from pathlib import Path

import numpy as np

from desktop_app.core.batch.run.decoding import read_or_reason
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import Layout, Seen


def test_pixels_come_with_the_time_that_they_took():
    pixels = np.zeros((4, 4, 3), np.uint8)
    decoded = read_or_reason((7, Path("a")), lambda _path: Seen(pixels, Layout()))
    assert decoded.number == 7
    assert decoded.pixels is pixels
    assert decoded.reason == ""
    assert decoded.seconds > 0


def test_whatever_is_wrong_becomes_the_reason():
    def fails(error):
        def prepare(_path):
            raise error

        return read_or_reason((1, Path("a")), prepare)

    decoded = fails(UnreadableImage("It is empty.", "Copy it again."))
    assert (decoded.pixels, decoded.reason) == (None, "It is empty. Copy it again.")
    assert "not enough free memory" in fails(MemoryError()).reason
    assert fails(RuntimeError("odd\nthing")).reason == "It cannot be read: odd\N{REPLACEMENT CHARACTER}thing."
    assert fails(RuntimeError()).reason == "It cannot be read: RuntimeError."


def test_what_else_is_in_the_file_comes_with_the_pixels():
    pixels = np.zeros((4, 4, 3), np.uint8)
    layout = Layout(5, "pages")

    assert read_or_reason((1, Path("a")), lambda _path: Seen(pixels, layout)).layout == layout
