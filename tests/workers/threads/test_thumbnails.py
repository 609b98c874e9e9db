"""Thumbnails are made of what can be read, and said of what cannot."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtCore import QObject

from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.images.sources import ReadPicture
from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.thumbnails import SIDE, thumbnail_wishes

TIMEOUT = 20_000


@pytest.fixture
def lane(qapp):
    owner = QObject()
    lane = Lane("thumbnails", owner)
    yield lane
    assert lane.stop(60)


def test_a_picture_is_made_small_and_what_is_none_is_told(qtbot, lane, tmp_path):
    Image.new("RGB", (400, 300), (200, 10, 10)).save(tmp_path / "red.png")
    (tmp_path / "text.png").write_text("no picture")
    made = []
    thumbnail_wishes(lane, made.append).ask(tmp_path / "red.png", tmp_path / "text.png")
    qtbot.waitUntil(lambda: len(made) == 2, timeout=TIMEOUT)
    assert made[0].path == tmp_path / "red.png"
    assert made[0].pixels.shape == (SIDE * 3 // 4, SIDE, 3)
    assert made[0].pixels[0, 0].tolist() == [200, 10, 10]
    assert (made[1].path, made[1].pixels) == (tmp_path / "text.png", None)


def test_numbers_are_read_as_asked_for(qtbot, lane, tmp_path):
    path = tmp_path / "stack.tif"
    first, second = (Image.new("L", (40, 30), value) for value in (0, 90))
    first.save(path, save_all=True, append_images=[second])
    made = []
    wish = ReadPicture(path, PixelReading(plane="maximum"))
    thumbnail_wishes(lane, made.append).ask(path, wish)
    qtbot.waitUntil(lambda: len(made) == 2, timeout=TIMEOUT)
    assert {entry.path: int(entry.pixels.max()) for entry in made} == {path: 0, wish: 90}
