from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.export.conversion.rounding import in_bytes, worth_rounding

RANDOM = np.random.default_rng(5)


@pytest.mark.parametrize("axis", [0, 1, 2, 3])
def test_the_channels_are_found_by_what_is_lost(axis):
    shape = [24, 24, 24, 24]
    sizes = np.geomspace(1e-3, 10, 24).reshape([-1 if each == axis else 1 for each in range(4)])
    weights = (RANDOM.standard_normal(shape) * sizes).astype(np.float32)
    rounded = in_bytes(weights)
    assert rounded.axis == axis
    scales = rounded.scales.reshape(sizes.shape)
    assert np.abs(rounded.values * scales - weights).max() <= scales.max() / 2 * 1.001


def test_zeros_stay_zeros_and_nothing_is_divided_by_them():
    rounded = in_bytes(np.zeros((40, 40), np.float32))
    assert not rounded.values.any()
    assert np.isfinite(rounded.scales).all()


def test_a_scale_for_each_number_would_be_no_saving():
    weights = RANDOM.standard_normal(2000).astype(np.float32)
    rounded = in_bytes(weights)
    assert len(set(rounded.scales)) == 1
    assert np.abs(rounded.values * rounded.scales - weights).max() <= rounded.scales[0] / 2 * 1.001


def test_the_small_arrays_stay_whole_up_to_their_share():
    sizes = {"first": 2_000, "depthwise": 4_000, "bias": 100, "last": 40_000}
    assert worth_rounding(sizes, 0.25) == {"last"}
    assert worth_rounding(sizes, 0.05) == {"depthwise", "last"}
    alike = dict.fromkeys(("one", "two", "three", "four"), 5_000)
    assert worth_rounding(alike, 0.25) == {"two", "three", "four"}
    assert worth_rounding({"tiny": 10, "bias": 5}, 0.25) == set()
