"""Pixels are prepared as the networks' publishers do."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.networks.pixels import PIXEL_WORDS, pixel_choices
from desktop_app.core.networks.preprocessing import preprocess

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.mark.parametrize(
    ("module", "mode"),
    [("vgg19", "vgg19"), ("resnet", "vgg19"), ("mobilenet_v2", "symmetric"), ("densenet", "imagenet")],
)
def test_published_preparations_are_those_of_keras(module, mode):
    import keras

    pixels = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 3), np.uint8)
    expected = getattr(keras.applications, module).preprocess_input(pixels.astype(np.float32))
    np.testing.assert_allclose(preprocess(pixels, mode, 3), expected, atol=1e-4)


@pytest.mark.parametrize("channels", [1, 3])
def test_every_choice_can_be_prepared(channels):
    pixels = np.full((1, 2, 2, 3), 255, np.uint8)
    for choice in pixel_choices(channels):
        assert preprocess(pixels, choice, channels).shape == (1, 2, 2, channels)
    assert pixel_choices(3) == tuple(PIXEL_WORDS)
