"""What is wanted for the screen comes as a preview, what is wanted for the list as a thumbnail."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtCore import QObject

from desktop_app.core.images.sources import FileSource, LinkSource
from desktop_app.workers.classify.pictures import THUMBNAIL_SIDE
from desktop_app.workers.classify.preview_queue import PreviewQueue
from desktop_app.workers.threads.thread import WorkerThread

TIMEOUT = 20_000
LINK = LinkSource("https://host/picture.png")


@pytest.fixture
def picture(tmp_path):
    Image.new("RGB", (400, 300)).save(tmp_path / "picture.png")
    return FileSource(tmp_path / "picture.png")


@pytest.fixture
def queue(qapp):
    parent = QObject()
    thread = WorkerThread("preview", parent)
    made = PreviewQueue(thread, parent)
    thread.start()
    yield made
    assert thread.stop(60)


@pytest.mark.parametrize("side", [THUMBNAIL_SIDE, 100])
def test_a_preview_of_any_size_is_a_preview(qtbot, queue, picture, side):
    with (
        qtbot.assertNotEmitted(queue.thumbnail_ready, wait=50),
        qtbot.waitSignal(queue.preview_ready, timeout=TIMEOUT) as shown,
    ):
        queue.show(1, picture, side)
    assert shown.args[0].pixels.shape == (side * 3 // 4, side, 3)


def test_a_thumbnail_is_no_preview(qtbot, queue, picture):
    with (
        qtbot.assertNotEmitted(queue.preview_ready, wait=50),
        qtbot.waitSignal(queue.thumbnail_ready, timeout=TIMEOUT) as listed,
    ):
        queue.add_thumbnail(1, picture)
    assert listed.args[0].pixels.shape == (THUMBNAIL_SIDE * 3 // 4, THUMBNAIL_SIDE, 3)


def test_wishes_for_a_link_are_told_apart_once_its_picture_is_here(qtbot, queue, picture):
    queue.add_thumbnail(1, LINK)
    queue.show(1, LINK, THUMBNAIL_SIDE)
    came = [queue.preview_ready, queue.thumbnail_ready]
    with qtbot.waitSignals(came, timeout=TIMEOUT, order="strict"):
        queue.source_arrived(1, picture)
