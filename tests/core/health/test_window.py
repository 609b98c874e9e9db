"""The picture of the window is looked at."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.health.checks import CheckFailed
from desktop_app.core.health.window import check_picture, open_window


def window(draws):
    """Start a window that takes a picture of itself with `draws(path)`."""

    @contextlib.contextmanager
    def start(*words, output, **environment):
        assert environment == {"QT_QPA_PLATFORM": "offscreen"}
        assert words[-1] == "/samples/cat.jpg"
        yield SimpleNamespace(wait=lambda: draws(Path(words[words.index("--screenshot") + 1])))

    return start


def test_a_window_with_photos(tmp_path):
    def draw(path):
        picture = np.random.default_rng(0).integers(0, 256, (700, 1000, 3), np.uint8)
        Image.fromarray(picture).save(path)

    sentence = open_window(tmp_path, [Path("/samples/cat.jpg")], start=window(draw))
    assert "1000 x 700 pixels" in sentence


def test_no_picture(tmp_path):
    with pytest.raises(CheckFailed, match="gave no screenshot"):
        open_window(tmp_path, [Path("/samples/cat.jpg")], start=window(lambda _path: None))


@pytest.mark.parametrize("size", [(440, 639), (439, 640), (10, 10)])
def test_a_window_that_is_too_small(size):
    with pytest.raises(CheckFailed, match=f"{size[1]} x {size[0]} pixels"):
        check_picture(np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8))


def test_a_window_whose_parts_were_not_drawn():
    grey = np.repeat(np.random.default_rng(0).integers(0, 256, (600, 800, 1), np.uint8), 3, axis=2)
    with pytest.raises(CheckFailed, match="in 256 colours"):
        check_picture(grey)
