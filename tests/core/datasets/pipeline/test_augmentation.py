"""Each setting changes pictures by what it says, each picture on its own, and stays in range."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from desktop_app.core.datasets.pipeline.augmentation import Augmenter, preview
from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

COUNT, SIZE = 24, 16
EVERYTHING = AugmentationSettings(
    flip=True,
    flip_vertical=True,
    rotation=20,
    zoom=0.2,
    shear=0.2,
    shift=0.1,
    brightness=0.3,
    contrast=0.3,
    saturation=0.5,
    erase=0.5,
    degrade=0.5,
)


@pytest.fixture
def photo():
    """One picture of colours that are neither dark nor bright, float32 in 0..255."""
    coarse = np.random.default_rng(5).integers(60, 196, (SIZE // 4, SIZE // 4, 3))
    return np.kron(coarse, np.ones((4, 4, 1))).astype(np.float32)


def changed(photo, settings, *, seed=(1, 2), colour=True, count=COUNT):
    """The same picture many times in one batch."""
    import tensorflow as tf

    pictures = tf.constant(np.stack([photo] * count))
    return Augmenter(settings, colour=colour)(pictures, tf.constant(seed, tf.int32)).numpy()


CHANGES = {field.name for field in dataclasses.fields(AugmentationSettings)} - {"reshaped"}
"""Augmentations that change pictures on their own."""


@pytest.mark.parametrize("field", sorted(CHANGES))
def test_each_setting_changes_each_picture_by_itself_within_the_range(photo, field):
    amount = {"flip": True, "flip_vertical": True, "rotation": 25.0}.get(field, 0.4)
    results = changed(photo, AugmentationSettings(**{field: amount}))
    assert (results.shape, results.dtype) == ((COUNT, SIZE, SIZE, 3), np.float32)
    assert results.min() >= 0
    assert results.max() <= 255
    different = len({result.tobytes() for result in results})
    assert different == 2 if field.startswith("flip") else different > COUNT / 4


def test_the_same_seed_gives_the_same_changes(photo):
    first = changed(photo, EVERYTHING)
    assert np.array_equal(first, changed(photo, EVERYTHING))
    assert not np.array_equal(first, changed(photo, EVERYTHING, seed=(1, 3)))
    assert not np.array_equal(first, changed(photo, EVERYTHING, seed=(2, 2)))
    assert first.min() >= 0
    assert first.max() <= 255


def test_compiled_and_eager_changes_agree(photo):
    import tensorflow as tf

    augmenter = Augmenter(EVERYTHING)
    pictures = tf.constant(np.stack([photo] * 6))
    compiled = tf.function(augmenter, autograph=False)
    for seed in ([3, 4], [5, 6]):
        wanted = augmenter(pictures, tf.constant(seed, tf.int32)).numpy()
        assert compiled(pictures, tf.constant(seed, tf.int32)).numpy() == pytest.approx(wanted, abs=0.01)


def test_half_precision_elsewhere_does_not_coarsen_the_colours(photo):
    import keras

    wanted = changed(photo, EVERYTHING)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        assert np.array_equal(changed(photo, EVERYTHING), wanted)
    finally:
        keras.config.set_dtype_policy(policy)


def test_brightness_is_added_within_its_amount(photo):
    results = changed(photo, AugmentationSettings(brightness=0.2))
    added = (results - photo).reshape(COUNT, -1)
    assert np.ptp(added, axis=1) == pytest.approx(0, abs=1e-3)
    assert added.min() < -20
    assert added.max() > 20
    assert abs(added).max() <= 0.2 * 255 + 1e-3


def test_contrast_is_lowered_and_raised_about_the_mean(photo):
    results = changed(photo, AugmentationSettings(contrast=0.3))
    ratio = results.std(axis=(1, 2, 3)) / photo.std()
    assert results.mean(axis=(1, 2, 3)) == pytest.approx(photo.mean(), abs=1)
    assert 0.65 < ratio.min() < 0.9
    assert 1.1 < ratio.max() < 1.35


def saturation(pictures):
    return 1 - pictures.min(axis=-1) / pictures.max(axis=-1)


def test_saturation_is_lowered_and_raised_and_keeps_the_value(photo):
    results = changed(photo, AugmentationSettings(saturation=0.3))
    assert results.max(axis=-1) == pytest.approx(np.stack([photo.max(axis=-1)] * COUNT), abs=0.01)
    factor = np.median(saturation(results) / saturation(photo), axis=(1, 2))
    assert 0.69 < factor.min() < 0.9
    assert 1.1 < factor.max() < 1.31


def test_strong_colours_do_not_become_negative():
    vivid = np.full((SIZE, SIZE, 3), (255, 10, 20), np.float32)
    results = changed(vivid, AugmentationSettings(saturation=1.0))
    assert results.min() >= 0
    assert results[..., 0] == pytest.approx(255, abs=0.01)


def test_saturation_leaves_a_grey_network_alone(photo):
    results = changed(photo, AugmentationSettings(saturation=0.5), colour=False)
    assert np.array_equal(results, np.stack([photo] * COUNT))


def test_erased_squares_have_a_quarter_of_the_side_and_come_as_often_as_said():
    from desktop_app.core.datasets.pipeline.augmentation import GREY

    bright = np.full((SIZE, SIZE, 3), 250, np.float32)
    results = changed(bright, AugmentationSettings(erase=0.3), count=400)
    holes = (results == GREY).all(axis=-1)
    sizes = holes.sum(axis=(1, 2))
    assert 0.22 < (sizes > 0).mean() < 0.38
    assert set(np.unique(results)) == {np.float32(GREY), np.float32(250)}
    rows, columns = holes.any(axis=2).sum(axis=1), holes.any(axis=1).sum(axis=1)
    assert set(rows[sizes > 0]) <= {3, 4, 5}
    assert np.array_equal(sizes, rows * columns)
    assert (changed(bright, AugmentationSettings(erase=1.0)) == GREY).any(axis=(1, 2, 3)).all()


def pictures_of_many_sizes():
    random = np.random.default_rng(4)
    return [random.integers(0, 256, (*size, 3), dtype=np.uint8) for size in ((30, 40), (5, 5), (16, 16))]


def test_a_preview_shows_each_picture_at_the_size_of_the_network():
    from desktop_app.core.images.decoding.resize import resize

    pictures = pictures_of_many_sizes()
    shown = preview(pictures, AugmentationSettings(), size=16, channels=3, seed=0)
    for picture, result in zip(pictures, shown, strict=True):
        assert result.dtype == np.uint8
        assert np.array_equal(result, resize(picture, 16, 16, "squash"))


def test_a_preview_changes_with_its_seed_and_settings_alone():
    pictures = pictures_of_many_sizes()

    def shown(settings, seed):
        return np.stack(preview(pictures, settings, size=16, channels=3, seed=seed))

    assert np.array_equal(shown(EVERYTHING, 1), shown(EVERYTHING, 1))
    assert not np.array_equal(shown(EVERYTHING, 1), shown(EVERYTHING, 2))


def test_a_preview_for_a_grey_network_is_grey():
    pictures = pictures_of_many_sizes()
    for result in preview(pictures, EVERYTHING, size=16, channels=1, seed=1):
        assert result.shape == (16, 16, 3)
        assert np.ptp(result, axis=-1).max() == 0
    plain = preview(
        [np.full((9, 9, 3), (255, 0, 0), np.uint8)], AugmentationSettings(), size=8, channels=1, seed=1
    )
    assert np.unique(plain[0]).tolist() == [76]


def test_a_preview_of_nothing_is_empty():
    assert preview([], EVERYTHING, size=16, channels=3, seed=1) == []


def test_the_part_that_is_not_reshaped_stays_sharp():
    import tensorflow as tf

    pictures = np.random.default_rng(1).integers(0, 256, (200, 16, 16, 3)).astype(np.float32)
    settings = AugmentationSettings(rotation=20, zoom=0.3, shear=0.2, shift=0.2, flip=True, reshaped=0.25)
    changed = Augmenter(settings)(pictures, tf.constant((5, 6), tf.int32)).numpy()
    sharp = (changed == np.round(changed)).all(axis=(1, 2, 3))  # whole numbers: nothing was interpolated
    assert 0.6 < sharp.mean() < 0.9
