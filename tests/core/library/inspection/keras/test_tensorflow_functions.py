"""Activations given as functions of TensorFlow, which Keras saves and cannot load."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.exchange.cleaning import write_clean
from desktop_app.core.library.inspection.keras.loading import load_checked_model
from desktop_app.core.library.inspection.keras.rewriting import loadable, plain
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests.keras_file import plain_config, write_keras

SAVED = {"module": "builtins", "class_name": "function", "registered_name": "function"}


def with_activation(value):
    document = plain_config()
    document["config"]["layers"][-2]["config"]["activation"] = value
    return document


def activation_of(document):
    return document["config"]["layers"][-2]["config"]["activation"]


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_they_are_known_by_the_names_that_tensorflow_gives_them(tmp_path, name):
    document = with_activation({**SAVED, "config": f"{name}_v2"})
    plainly = inspect_archive(write_keras(tmp_path / "plain.keras", with_activation(name)))
    assert inspect_archive(write_keras(tmp_path / "m.keras", document)) == plainly
    assert activation_of(plain(document)) == activation_of(loadable(document)) == name
    assert activation_of(document) == {**SAVED, "config": f"{name}_v2"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({**SAVED, "config": "swish"}, "uses the function 'swish', which is not on"),
        ({**SAVED, "config": "Softmax_v2"}, "uses the function 'Softmax_v2', which is not on"),
        ({**SAVED, "config": "softmax_v2", "module": "no_such_module"}, "uses 'dict', which is not on"),
        (
            {**SAVED, "config": "softmax_v2", "registered_name": "p>own"},
            "uses 'dict', which is not on",
        ),
        ({**SAVED, "config": "softmax_v2", "more": 1}, "uses 'dict', which is not on"),
        ({**SAVED, "config": {"config": "softmax_v2"}}, "uses 'dict', which is not on"),
        ("softmax_v2", "uses 'softmax_v2', which is not on"),
    ],
)
def test_other_functions_are_refused_by_name(tmp_path, value, said):
    with pytest.raises(ModelError, match=said):
        inspect_archive(write_keras(tmp_path / "m.keras", with_activation(value)))


def test_such_a_record_in_another_field_is_refused(tmp_path):
    document = with_activation("softmax")
    document["config"]["layers"][-2]["config"]["kernel_regularizer"] = {**SAVED, "config": "softmax_v2"}
    with pytest.raises(ModelError, match="kernel_regularizer"):
        inspect_archive(write_keras(tmp_path / "m.keras", document))


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")
def test_networks_of_tutorials_answer_as_they_did(tmp_path):
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(1)
    layers = keras.layers
    inner = keras.Sequential(
        [keras.Input((8, 8, 1)), layers.Conv2D(4, 3, activation=tf.nn.relu), layers.Flatten()]
    )
    parts = [inner, layers.Dense(8, activation=tf.nn.log_softmax), layers.Dense(3, activation=tf.nn.softmax)]
    model = keras.Sequential([keras.Input((8, 8, 1)), *parts])
    model.save(tmp_path / "m.keras")
    pixels = np.random.default_rng(0).uniform(0, 1, (4, 8, 8, 1)).astype("f4")
    expected = np.asarray(model(pixels, training=False))
    assert inspect_archive(tmp_path / "m.keras").meaning.tasks == ("classification",)
    assert np.array_equal(np.asarray(load_checked_model(tmp_path / "m.keras")(pixels)), expected)
    write_clean(tmp_path / "m.keras", tmp_path / "copy.keras", NEVER)
    anywhere = keras.models.load_model(tmp_path / "copy.keras")
    assert np.array_equal(np.asarray(anywhere(pixels)), expected)
