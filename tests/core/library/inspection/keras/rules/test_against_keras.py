"""Layers and functions answer as in Keras itself, once saved, inspected and loaded; in OpenVINO too."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.engine.compiled import CompiledNetwork
from desktop_app.core.inference.conversion import CannotConvert, hand_over
from desktop_app.core.library.inspection.keras.loading import load_checked_model
from desktop_app.core.library.inspection.keras.rules.listing import function_names, layer_names
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests import layer_table
from tests.stock_layers import GROUPS, SIDE, network

pytestmark = [
    pytest.mark.engine,
    pytest.mark.usefixtures("engine"),
    # Keras reads TensorFlow's variables in a way that NumPy 2 frowns upon.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]

TENSORFLOW_ONLY = {"LogSoftmax", "ExtractPatches", "median"}
"""What OpenVINO converts wrongly or not at all, so that TensorFlow answers in the product."""


def with_weights(model):
    """Give all weights values that answers depend on."""
    random = np.random.default_rng(1)
    for weight in model.weights:
        if "float" in weight.dtype:
            weight.assign(random.normal(0, 0.3, weight.shape))
    return model


def converted(model, folder):
    import tensorflow as tf

    function = tf.function(lambda pixels: model(pixels, training=False))
    shape = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)
    return CompiledNetwork(hand_over(function.get_concrete_function(shape), folder))


@pytest.mark.parametrize("group", GROUPS)
def test_they_answer_as_in_keras(tmp_path, group):
    model = with_weights(network(GROUPS[group]))
    path = tmp_path / "model.keras"
    model.save(path)
    summary = inspect_archive(path)
    assert summary.outputs == model.output_shape[-1]
    loaded = load_checked_model(path)
    pictures = np.random.default_rng(0).uniform(0, 255, (2, SIDE, SIDE, 3)).astype("f4")
    expected = np.asarray(model(pictures, training=False))
    assert np.isfinite(expected).all()
    np.testing.assert_array_equal(expected, np.asarray(loaded(pictures, training=False)))


@pytest.mark.parametrize("group", GROUPS)
def test_openvino_answers_alike(tmp_path, group):
    uses = {name: use for name, use in GROUPS[group].items() if name not in TENSORFLOW_ONLY}
    path = tmp_path / "model.keras"
    with_weights(network(uses)).save(path)
    loaded = load_checked_model(path)
    pictures = np.random.default_rng(0).uniform(0, 1, (2, SIDE, SIDE, 3)).astype("f4")
    (answers,) = converted(loaded, tmp_path).run(pictures)
    np.testing.assert_allclose(answers, loaded(pictures, training=False), rtol=2e-3, atol=2e-3)


def test_every_layer_and_function_on_the_list_is_tried():
    found = {type(each).__name__ for group in GROUPS.values() for each in network(group)._operations}
    found = found - {"GroupedQueryAttention"} | {"GroupQueryAttention"}
    assert layer_names() <= found
    assert {name for _, name in function_names()} <= found


def test_the_page_names_what_is_taken():
    text = layer_table.PAGE.read_text(encoding="utf-8")
    block = text.partition(layer_table.BEGIN)[2].partition(layer_table.END)[0].strip()
    assert block == layer_table.drawn(), "run python -m tests.layer_table, and put what it prints there"


@pytest.mark.filterwarnings("ignore:Layer .* does not have a `quantize` method:UserWarning")
def test_eight_bits_are_left_to_tensorflow(tmp_path):
    import keras

    picture = keras.Input((SIDE, SIDE, 3))
    model = keras.Model(picture, keras.layers.Dense(3)(keras.layers.Flatten()(picture)))
    model.quantize("int8")
    with pytest.raises(CannotConvert, match="matrices of whole numbers"):
        converted(model, tmp_path)
