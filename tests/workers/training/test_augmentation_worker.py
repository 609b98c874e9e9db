"""Previews show the user's own pictures, and end in any case."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings
from desktop_app.core.engine.loading import EngineError
from desktop_app.core.foundation.errors import Reason
from desktop_app.workers.training.augmentation_worker import AugmentationWorker
from desktop_app.workers.training.messages import AugmentationRequest

PREVIEW = "desktop_app.core.datasets.pipeline.augmentation.preview"


@pytest.fixture
def worker(qapp):
    worker = AugmentationWorker()
    worker.told = []
    worker.ready.connect(worker.told.append)
    worker.failed.connect(worker.told.append)
    worker.ended.connect(lambda: worker.told.append("ended"))
    return worker


@pytest.fixture
def seen(monkeypatch):
    """What a preview that changes nothing was asked for, without TensorFlow."""
    calls = []

    def preview(pictures, settings, *, size, channels, seed):
        calls.append((settings, size, channels, seed))
        return list(pictures)

    monkeypatch.setattr(PREVIEW, preview)
    monkeypatch.setattr("desktop_app.core.engine.loading.load_engine", lambda: None)
    return calls


@pytest.fixture
def paths(tmp_path):
    for name, colour in (("red", (200, 0, 0)), ("green", (0, 200, 0))):
        Image.new("RGB", (40, 30), colour).save(tmp_path / f"{name}.png")
    (tmp_path / "text.png").write_text("no picture")
    return tuple(tmp_path / f"{name}.png" for name in ("red", "text", "green"))


def asked(paths, size=16, **settings):
    return AugmentationRequest(paths, size, 3, AugmentationSettings(**settings), 7)


def test_pictures_that_can_be_read_are_shown_in_order(worker, seen, paths):
    request = asked(paths, flip=True)
    worker.preview(request)
    answer, ended = worker.told
    assert answer.request is request
    assert [pixels.shape for pixels in answer.pictures] == [(16, 16, 3)] * 2
    assert [pixels[0, 0].tolist() for pixels in answer.pictures] == [[200, 0, 0], [0, 200, 0]]
    assert seen == [(AugmentationSettings(flip=True), 16, 3, 7)]
    assert ended == "ended"


def test_the_same_pictures_are_read_once_for_each_size(worker, seen, paths, monkeypatch):
    worker.preview(asked(paths))
    for path in paths:
        path.unlink()
    worker.preview(asked(paths[::-1], zoom=0.2))
    assert [pixels[0, 0].tolist() for pixels in worker.told[2].pictures] == [[0, 200, 0], [200, 0, 0]]
    worker.preview(asked(paths, size=8))
    assert worker.told[4].pictures == ()


def test_what_keeps_tensorflow_from_starting_is_said(worker, seen, paths, monkeypatch):
    def fail():
        raise EngineError("TensorFlow cannot be loaded.", "Reinstall Sightline.")

    monkeypatch.setattr("desktop_app.core.engine.loading.load_engine", fail)
    worker.preview(asked(paths))
    assert worker.told == [Reason("TensorFlow cannot be loaded.", "Reinstall Sightline."), "ended"]


def test_a_defect_ends_the_request_and_is_seen(worker, seen, paths, monkeypatch):
    def fail(*_arguments, **_options):
        raise RuntimeError("a defect")

    monkeypatch.setattr(PREVIEW, fail)
    with pytest.raises(RuntimeError, match="a defect"):
        worker.preview(asked(paths))
    assert worker.told == [Reason("The pictures cannot be changed at random: a defect."), "ended"]


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_amounts_change_the_pictures(worker, tmp_path):
    ramp = np.broadcast_to(np.arange(0, 240, 15, np.uint8)[:, None, None], (16, 16, 3))
    Image.fromarray(np.ascontiguousarray(ramp)).save(tmp_path / "ramp.png")
    worker.preview(asked((tmp_path / "ramp.png",)))
    worker.preview(asked((tmp_path / "ramp.png",), brightness=0.8))
    plain, changed = worker.told[0].pictures[0], worker.told[2].pictures[0]
    assert np.array_equal(plain, ramp)
    assert changed.shape == plain.shape
    assert not np.array_equal(changed, plain)
