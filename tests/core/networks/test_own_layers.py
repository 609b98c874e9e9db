"""The layers that Keras does not have."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.networks.own_layers import REGISTERED, local_response_normalization, make_known

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def by_hand(pixels, radius, bias, alpha, beta):
    """The paper's formula, channel by channel."""
    result = np.empty_like(pixels)
    for channel in range(pixels.shape[-1]):
        neighbours = pixels[..., max(0, channel - radius) : channel + radius + 1]
        result[..., channel] = pixels[..., channel] / (bias + alpha * (neighbours**2).sum(-1)) ** beta
    return result


@pytest.mark.parametrize(
    "values",
    [{}, {"depth_radius": 1, "bias": 1.0, "alpha": 0.5, "beta": 0.5}, {"depth_radius": 0, "alpha": 1.0}],
)
def test_each_number_is_divided_by_the_activity_around_it(values):
    layer = local_response_normalization()(**values)
    pixels = np.random.default_rng(0).normal(0, 30, (2, 3, 4, 7)).astype("f4")
    classic = {"depth_radius": 2, "bias": 2.0, "alpha": 1e-4, "beta": 0.75} | values
    expected = by_hand(pixels.astype("f8"), *classic.values())
    np.testing.assert_allclose(layer(pixels), expected, rtol=1e-5)
    assert {key: layer.get_config()[key] for key in classic} == classic


def test_it_keeps_the_number_format_and_lets_gradients_through():
    import tensorflow as tf

    layer = local_response_normalization()(dtype="bfloat16")
    assert layer(np.ones((1, 2, 2, 3), "f4")).dtype == "bfloat16"
    pixels = tf.constant(np.random.default_rng(0).normal(0, 1, (1, 2, 2, 3)).astype("f4"))
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        total = tf.reduce_sum(local_response_normalization()()(pixels))
    assert np.isfinite(tape.gradient(total, pixels)).all()


def test_keras_knows_it_under_the_name_that_files_have():
    import keras

    make_known()
    made = local_response_normalization()
    assert made is local_response_normalization()
    ((module, class_name),) = REGISTERED
    assert module == "desktop_app.core.library.own_layers"  # users' files hold it, wherever the code moves
    record = keras.saving.serialize_keras_object(made())
    assert (record["module"], record["class_name"]) == (module, class_name)
    assert record["registered_name"] == REGISTERED[module, class_name]
    assert keras.saving.get_registered_object(record["registered_name"]) is made
