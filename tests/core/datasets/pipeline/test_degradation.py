"""Pictures are degraded as often as set, and no more than photos are."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.datasets.pipeline.degradation import blurred, compressed, degrade_some

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.fixture
def photo():
    random = np.random.default_rng(6)
    return random.integers(0, 256, (24, 32, 3)).astype(np.float32)


def degraded(photo, chance, count=150, seed=(1, 2)):
    import tensorflow as tf

    return degrade_some(tf.constant(np.stack([photo] * count)), chance, tf.constant(seed)).numpy()


@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_as_many_are_degraded_as_set(photo, chance):
    results = degraded(photo, chance)
    assert (results.shape, results.dtype) == ((150, 24, 32, 3), np.float32)
    assert results.min() >= 0
    assert results.max() <= 255
    changed = (results != photo).any(axis=(1, 2, 3)).mean()
    assert changed == chance if chance in (0, 1) else abs(changed - chance) < 0.1


def test_the_same_seed_degrades_the_same(photo):
    assert np.array_equal(degraded(photo, 0.5), degraded(photo, 0.5))
    assert not np.array_equal(degraded(photo, 0.5), degraded(photo, 0.5, seed=(1, 3)))


def test_blurring_takes_detail_and_keeps_the_mean(photo):
    result = blurred(photo, 12, 16).numpy()
    assert result.shape == photo.shape
    assert result.std() < 0.8 * photo.std()
    assert result.mean() == pytest.approx(photo.mean(), abs=3)


def test_compression_is_that_of_a_jpeg_file(photo):
    result = compressed(photo, 60).numpy()
    file = io.BytesIO()
    Image.fromarray(photo.astype(np.uint8)).save(file, "JPEG", quality=60)
    assert result == pytest.approx(np.asarray(Image.open(file), np.float32), abs=6)
    assert abs(compressed(photo, 25).numpy() - photo).mean() > abs(result - photo).mean()
