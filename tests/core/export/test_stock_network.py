from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.export.conversion.stock_network import (
    CannotExport,
    float32_network,
    leaves,
    stock_network,
)
from desktop_app.core.networks.own_layers import local_response_normalization
from tests.core.export.models import SIDE, convolution, network, pictures

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def answers(model, scale=1 / 255):
    return np.asarray(model(pictures().astype(np.float32) * scale, training=False))


def kinds(model):
    return [type(layer).__name__ for layer in leaves(model)]


def test_a_network_of_stock_layers_stays_the_same_object():
    plain = network(convolution())
    assert stock_network(plain) is plain
    assert float32_network(plain) is plain


def test_own_normalisation_becomes_stock_layers_with_the_same_answers():
    import keras

    own = local_response_normalization()(depth_radius=2, alpha=0.3, name="own")
    before = network(convolution(), own)
    after = stock_network(before)
    assert {"Multiply", "Power"} <= {type(each).__name__ for each in after.get_layer("own").operations}
    assert "LocalResponseNormalization" not in kinds(after)
    assert np.abs(answers(before) - answers(after)).max() < 1e-6
    assert isinstance(before.get_layer("own"), keras.layers.Layer)
    assert type(before.get_layer("own")).__name__ == "LocalResponseNormalization"


def test_its_sum_ends_at_the_rim_of_the_channels():
    import keras

    own = local_response_normalization()(depth_radius=3, bias=1.0, alpha=0.5, beta=0.6, name="own")
    before = keras.Sequential([keras.Input((2, 2, 5)), own])
    values = np.random.default_rng(0).normal(0, 3, (4, 2, 2, 5)).astype(np.float32)
    after = stock_network(before)
    assert np.abs(np.asarray(before(values)) - np.asarray(after(values))).max() < 1e-6


def test_augmentation_goes_and_normalization_becomes_rescaling():
    import keras

    normalization = keras.layers.Normalization(mean=[100.0, 120.0, 130.0], variance=[9.0, 0.0, 400.0])
    before = network(
        keras.layers.RandomFlip(), normalization, keras.layers.RandomContrast(0.5), convolution()
    )
    after = stock_network(before)
    assert kinds(after)[:3] == ["Identity", "Rescaling", "Identity"]
    # A deviation of 0 counts as 1e-7 in Keras, which makes numbers of 1e9.
    first, second = answers(before, 1.0), answers(after, 1.0)
    assert np.abs(first - second).max() < 1e-5


@pytest.mark.parametrize("invert", [False, True])
def test_a_normalization_with_one_mean_for_all(invert):
    import keras

    before = network(keras.layers.Normalization(axis=None, mean=3.0, variance=4.0, invert=invert))
    after = stock_network(before)
    assert np.abs(answers(before) - answers(after)).max() < 1e-6


def test_one_along_another_axis_is_refused_by_name():
    import keras

    odd = keras.layers.Normalization(axis=1, mean=np.zeros(SIDE), variance=np.ones(SIDE), name="by_rows")
    with pytest.raises(CannotExport, match="'by_rows' normalises along another axis"):
        stock_network(network(odd))


def test_networks_within_networks_and_layers_used_twice_keep_their_weights():
    import keras

    inner = network(keras.layers.RandomFlip(), convolution(), name="inner")
    first, second = keras.Input((SIDE, SIDE, 3)), keras.layers.RandomZoom(0.1)
    both = keras.layers.Average()([inner(second(first)), inner(keras.ops.flip(first, axis=1))])
    before = keras.Model(first, both)
    after = stock_network(before)
    assert not any(kind.startswith("Random") for kind in kinds(after))
    assert np.abs(answers(before) - answers(after)).max() < 1e-6


def test_half_precision_becomes_whole():
    import keras

    before = network(
        keras.layers.Conv2D(40, 3, dtype="mixed_bfloat16"),
        keras.layers.Reshape((10, 400)),
        keras.layers.Bidirectional(keras.layers.LSTM(3, dtype="mixed_bfloat16"), dtype="mixed_bfloat16"),
    )
    after = float32_network(before)
    assert {layer.compute_dtype for layer in leaves(after)} == {"float32"}
    assert 0 < np.abs(answers(before) - answers(after)).max() < 0.01


def test_weights_that_are_no_numbers_are_refused_by_layer():
    broken = network(convolution())
    layer = broken.get_layer("convolution")
    kernel, bias = layer.get_weights()
    bias[3] = np.nan
    layer.set_weights([kernel, bias])
    with pytest.raises(CannotExport, match="'convolution' has weights that are not numbers"):
        stock_network(broken)
