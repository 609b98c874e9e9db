"""The network behind the shipped Everyday model."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.training.recipes import resnet_small

pytestmark = pytest.mark.engine


def test_the_network_has_the_documented_size_and_gives_probabilities():
    network = resnet_small.build(10)
    assert network.count_params() == 909_290
    outputs = network.predict(np.zeros((2, 32, 32, 3), np.float32), verbose=0)
    assert outputs.shape == (2, 10)
    assert outputs.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert resnet_small.build(3, input_size=48, dropout=0.5).output_shape == (None, 3)
