"""Previews show the user's own pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.workers.training.augmenter import Augmenter
from desktop_app.workers.training.messages import AugmentationRequest

PREVIEW = "desktop_app.core.datasets.pipeline.augmentation.preview"


@pytest.fixture
def augmenter():
    return Augmenter()


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


def test_pictures_that_can_be_read_are_shown_in_order(augmenter, seen, paths):
    pictures = augmenter.preview(asked(paths, flip=True))
    assert [pixels.shape for pixels in pictures] == [(16, 16, 3)] * 2
    assert [pixels[0, 0].tolist() for pixels in pictures] == [[200, 0, 0], [0, 200, 0]]
    assert seen == [(AugmentationSettings(flip=True), 16, 3, 7)]


def test_the_same_pictures_are_read_once_for_each_size(augmenter, seen, paths):
    augmenter.preview(asked(paths))
    for path in paths:
        path.unlink()
    pictures = augmenter.preview(asked(paths[::-1], zoom=0.2))
    assert [pixels[0, 0].tolist() for pixels in pictures] == [[0, 200, 0], [200, 0, 0]]
    assert augmenter.preview(asked(paths, size=8)) == ()


def test_pictures_are_read_again_for_another_fit(augmenter, seen, tmp_path):
    wide = np.zeros((16, 48, 3), np.uint8)
    wide[:, 16:32] = 200
    Image.fromarray(wide).save(tmp_path / "wide.png")
    request = asked((tmp_path / "wide.png",))
    (squashed,) = augmenter.preview(request)
    (cropped,) = augmenter.preview(replace(request, fit="crop"))
    (middle,) = augmenter.preview(replace(request, fit="crop", crop_share=0.5))
    assert squashed[0, 0, 0] == 0
    assert cropped[0, 2:-2, 0].min() > 190
    assert (middle == 200).all()


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_amounts_change_the_pictures(augmenter, tmp_path):
    ramp = np.broadcast_to(np.arange(0, 240, 15, np.uint8)[:, None, None], (16, 16, 3))
    Image.fromarray(np.ascontiguousarray(ramp)).save(tmp_path / "ramp.png")
    (plain,) = augmenter.preview(asked((tmp_path / "ramp.png",)))
    (changed,) = augmenter.preview(asked((tmp_path / "ramp.png",), brightness=0.8))
    assert np.array_equal(plain, ramp)
    assert changed.shape == plain.shape
    assert not np.array_equal(changed, plain)


def test_pictures_are_read_again_for_other_levels(augmenter, seen, tmp_path):
    Image.fromarray(np.full((16, 16), 2048, np.uint16)).save(tmp_path / "dim.png")
    request = asked((tmp_path / "dim.png",))
    (bright,) = augmenter.preview(replace(request, reading=PixelReading(black=0, white=4095)))
    (dim,) = augmenter.preview(replace(request, reading=PixelReading(black=0, white=65535)))
    assert (round(bright.mean()), round(dim.mean())) == (128, 8)
