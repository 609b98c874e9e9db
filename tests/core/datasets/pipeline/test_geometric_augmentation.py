"""Pictures move by what the settings say, about their centre, and repeat their edge."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings
from desktop_app.core.datasets.pipeline.geometric_augmentation import move, moves

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

COUNT, HEIGHT, WIDTH = 200, 20, 30


def moved(picture, count=COUNT, seed=(1, 2), **settings):
    import tensorflow as tf

    pictures = tf.constant(np.stack([picture] * count), tf.float32)
    return move(pictures, AugmentationSettings(**settings), tf.constant(seed, tf.int32)).numpy()


def places():
    """A picture whose two channels hold the column and the row."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.stack([columns, rows], axis=-1).astype(np.float32)


def centre(results):
    """Mean of the four pixels in the middle: (N, 2), column and row."""
    middle = results[:, HEIGHT // 2 - 1 : HEIGHT // 2 + 1, WIDTH // 2 - 1 : WIDTH // 2 + 1]
    return middle.mean(axis=(1, 2))


def slope(results, axis):
    """By how much the source moves for a pixel of the result, in the middle: (N, 2), column and row."""
    after = results.take({1: HEIGHT // 2 + 1, 2: WIDTH // 2 + 1}[axis], axis=axis)
    before = results.take({1: HEIGHT // 2 - 1, 2: WIDTH // 2 - 1}[axis], axis=axis)
    other = WIDTH // 2 if axis == 1 else HEIGHT // 2
    return ((after - before) / 2)[:, other]


def test_nothing_moves_without_a_wish():
    assert not moves(AugmentationSettings(brightness=0.5, erase=1.0, degrade=1.0))
    for name in ("flip", "flip_vertical", "rotation", "zoom", "shear", "shift"):
        assert moves(AugmentationSettings(**{name: 0.1}))
    assert moved(places(), count=3) == pytest.approx(np.stack([places()] * 3), abs=1e-4)


@pytest.mark.parametrize(("setting", "axis"), [("flip", 1), ("flip_vertical", 0)])
def test_half_of_the_pictures_are_mirrored_exactly(setting, axis):
    picture = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.float32)
    mirror = np.flip(picture, axis)
    results = moved(picture, **{setting: True})
    flipped = [bool(np.allclose(result, mirror, atol=0.01)) for result in results]
    kept = [bool(np.allclose(result, picture, atol=0.01)) for result in results]
    assert [not value for value in kept] == flipped
    assert 0.4 < np.mean(flipped) < 0.6


def test_turning_keeps_centre_and_scale_and_goes_both_ways():
    results = moved(places(), rotation=30.0)
    assert centre(results) == pytest.approx(np.tile([14.5, 9.5], (COUNT, 1)), abs=1e-3)
    along = slope(results, 2)
    angles = np.degrees(np.arctan2(along[:, 1], along[:, 0]))
    assert np.hypot(*along.T) == pytest.approx(1, abs=1e-3)
    assert -30.01 < angles.min() < -25
    assert 25 < angles.max() < 30.01


def test_zooming_keeps_the_centre_and_scales_each_side_by_itself():
    results = moved(places(), zoom=0.4)
    assert centre(results) == pytest.approx(np.tile([14.5, 9.5], (COUNT, 1)), abs=1e-3)
    wide, high = slope(results, 2)[:, 0], slope(results, 1)[:, 1]
    for scale in (wide, high):
        assert 0.599 < scale.min() < 0.65
        assert 1.35 < scale.max() < 1.401
    assert abs(np.corrcoef(wide, high)[0, 1]) < 0.3


def test_slanting_keeps_the_centre_and_the_height():
    results = moved(places(), shear=0.2)
    assert centre(results) == pytest.approx(np.tile([14.5, 9.5], (COUNT, 1)), abs=1e-3)
    down = slope(results, 1)
    assert down[:, 1] == pytest.approx(1, abs=1e-3)
    whole = down[:, 0] * HEIGHT / WIDTH  # from top to bottom, as a fraction of the width
    assert -0.201 < whole.min() < -0.18
    assert 0.18 < whole.max() < 0.201
    assert slope(results, 2) == pytest.approx(np.tile([1.0, 0.0], (COUNT, 1)), abs=1e-3)


def test_shifting_moves_by_a_part_of_each_side():
    shift = centre(moved(places(), shift=0.1)) - [14.5, 9.5]
    for amounts, side in zip(shift.T, (WIDTH, HEIGHT), strict=True):
        assert -0.1 * side - 0.01 < amounts.min() < -0.08 * side
        assert 0.08 * side < amounts.max() < 0.1 * side + 0.01
    assert abs(np.corrcoef(*shift.T)[0, 1]) < 0.3


def test_all_together_keep_the_centre_but_for_the_shift():
    results = moved(places(), flip=True, flip_vertical=True, rotation=20.0, zoom=0.2, shear=0.2)
    assert centre(results) == pytest.approx(np.tile([14.5, 9.5], (COUNT, 1)), abs=1e-3)


def test_the_edge_is_repeated_outside():
    ramp = places()[..., :1] + 50
    results = moved(ramp, shift=0.5)[:, HEIGHT // 2, :, 0]
    assert results.min() == pytest.approx(50)
    assert results.max() == pytest.approx(50 + WIDTH - 1)
    for result in results:
        outside = (result == result[0]).sum() if result[0] == 50 else (result == result[-1]).sum()
        assert 0 <= outside <= WIDTH / 2 + 1
    assert (results[:, 0] == 50).any()
    assert (results[:, -1] == 50 + WIDTH - 1).any()
    even = np.full((HEIGHT, WIDTH, 3), 77)
    assert np.allclose(moved(even, rotation=180.0, shift=0.5), 77, atol=0.01)
