"""Thumbnails of the list that was asked for last come first."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QObject

from desktop_app.workers.threads import thumbnails
from desktop_app.workers.threads.thread import WorkerThread
from desktop_app.workers.threads.thumbnails import SIDE, ThumbnailQueue, ThumbnailWorker

TIMEOUT = 20_000


@pytest.fixture
def queue(qapp):
    parent = QObject()
    thread = WorkerThread("thumbnails", parent)
    queue = ThumbnailQueue(thread, parent)
    queue.made = []
    queue.ready.connect(lambda thumbnail: queue.made.append(thumbnail.path.name))
    thread.start()
    yield queue
    assert thread.stop(60)


@pytest.fixture
def gate(monkeypatch):
    """Reading any picture waits for this."""
    event = threading.Event()
    real = thumbnails.import_picture_modules
    monkeypatch.setattr(thumbnails, "import_picture_modules", lambda: event.wait(60) and real())
    yield event
    event.set()


def names(*letters):
    return [Path(letter) for letter in letters]


def test_a_picture_is_made_small_and_what_is_none_is_told(qtbot, queue, tmp_path):
    Image.new("RGB", (400, 300), (200, 10, 10)).save(tmp_path / "red.png")
    (tmp_path / "text.png").write_text("no picture")
    made = []
    queue.ready.connect(made.append)
    queue.add([tmp_path / "red.png", tmp_path / "text.png"])
    qtbot.waitUntil(lambda: len(made) == 2, timeout=TIMEOUT)
    assert made[0].path == tmp_path / "red.png"
    assert made[0].pixels.shape == (SIDE * 3 // 4, SIDE, 3)
    assert made[0].pixels[0, 0].tolist() == [200, 10, 10]
    assert (made[1].path, made[1].pixels) == (tmp_path / "text.png", None)


def test_a_newer_list_comes_first_and_keeps_its_order(qtbot, queue, gate):
    queue.add(names("a", "b", "c"))
    queue.add(names("d", "e", "b"))
    gate.set()
    qtbot.waitUntil(lambda: len(queue.made) == 5, timeout=TIMEOUT)
    assert queue.made == ["a", "d", "e", "b", "c"]


def test_a_long_list_does_not_pile_up(qtbot, queue, gate, monkeypatch):
    monkeypatch.setattr(thumbnails, "MOST_WAITING", 3)
    queue.add(names("a"))
    queue.add(names("b", "c"))
    queue.add(names("d", "e"))
    gate.set()
    qtbot.waitUntil(lambda: len(queue.made) == 4, timeout=TIMEOUT)
    assert queue.made == ["a", "d", "e", "b"]


def test_forgotten_wishes_are_not_served(qtbot, queue, gate):
    queue.add(names("a", "b", "c"))
    queue.clear()
    queue.add(names("d"))
    gate.set()
    qtbot.waitUntil(lambda: "d" in queue.made, timeout=TIMEOUT)
    assert queue.made == ["a", "d"]


def test_a_defect_is_seen_and_answered(qapp, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("a defect")

    monkeypatch.setattr("desktop_app.core.images.load.load_preview", fail)
    worker, made = ThumbnailWorker(), []
    worker.ready.connect(made.append)
    with pytest.raises(RuntimeError, match="a defect"):
        worker.make(Path("a"))
    assert [(thumbnail.path, thumbnail.pixels) for thumbnail in made] == [(Path("a"), None)]
