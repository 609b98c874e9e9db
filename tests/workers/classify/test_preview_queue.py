"""What is wanted for the screen comes as a preview, what is wanted for the list as a thumbnail."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtCore import QObject, Signal

from desktop_app.core.images.sources import FileSource, LinkSource
from desktop_app.workers.classify.pictures import THUMBNAIL_SIDE
from desktop_app.workers.classify.preview_queue import PreviewQueue
from desktop_app.workers.threads.task import Lane

TIMEOUT = 20_000
LINK = LinkSource("https://host/picture.png")


class Told(QObject):
    """Signals to wait for."""

    preview_ready = Signal(object)
    thumbnail_ready = Signal(object)


@pytest.fixture
def picture(tmp_path):
    Image.new("RGB", (400, 300)).save(tmp_path / "picture.png")
    return FileSource(tmp_path / "picture.png")


@pytest.fixture
def queue(qapp):
    told = Told()
    lane = Lane("preview", told)
    made = PreviewQueue(lane, on_preview=told.preview_ready.emit, on_thumbnail=told.thumbnail_ready.emit)
    made.told = told
    yield made
    assert lane.stop(60)


@pytest.mark.parametrize("side", [THUMBNAIL_SIDE, 100])
def test_a_preview_of_any_size_is_a_preview(qtbot, queue, picture, side):
    with (
        qtbot.assertNotEmitted(queue.told.thumbnail_ready, wait=50),
        qtbot.waitSignal(queue.told.preview_ready, timeout=TIMEOUT) as shown,
    ):
        queue.show(1, picture, side)
    assert shown.args[0].pixels.shape == (side * 3 // 4, side, 3)


def test_a_thumbnail_is_no_preview(qtbot, queue, picture):
    with (
        qtbot.assertNotEmitted(queue.told.preview_ready, wait=50),
        qtbot.waitSignal(queue.told.thumbnail_ready, timeout=TIMEOUT) as listed,
    ):
        queue.add_thumbnail(1, picture)
    assert listed.args[0].pixels.shape == (THUMBNAIL_SIDE * 3 // 4, THUMBNAIL_SIDE, 3)


def test_wishes_for_a_link_are_told_apart_once_its_picture_is_here(qtbot, queue, picture):
    queue.add_thumbnail(1, LINK)
    queue.show(1, LINK, THUMBNAIL_SIDE)
    came = [queue.told.preview_ready, queue.told.thumbnail_ready]
    with qtbot.waitSignals(came, timeout=TIMEOUT, order="strict"):
        queue.source_arrived(1, picture)
