"""A script's network is the run's: the same layers, shapes, parameters and first weights."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from desktop_app.core.library.vgg19 import layout as vgg19_layout
from desktop_app.core.networks.own_layers import LRN
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.script.layer_calls import Unwritable
from desktop_app.core.training.script.network_source import network_source
from desktop_app.core.training.script.script import script_of
from tests.core.training.script.made import begun, loaded
from tests.core.training.tiny import make_data, stores_in, tiny_config
from tests.small_backbone import tiny_lite

__all__ = ["tiny_lite"]

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine", "tiny_lite")]

EVERYTHING = {
    "flip_vertical": True, "zoom": 0.2, "shear": 0.1, "shift": 0.1, "brightness": 0.1, "contrast": 0.2,
    "saturation": 0.3, "erase": 0.5, "degrade": 0.5, "reshaped": 0.5, "l2": 0.01, "weight_decay": 0.01,
    "label_smoothing": 0.1, "class_weights": True, "early_stopping": 3,
}  # fmt: skip
RANDOM = {"input_size": 32, "random_weights": True, "copies": 1, "fine_tune_epochs": 2}
CASES = [
    *[(recipe.recipe_id, {}) for recipe in catalogue.RECIPES if recipe.recipe_id != "pretrained"],
    ("row-rnn", {"l2": 0.01, "dropout": 0.0, "optimizer": "rmsprop", "schedule": "plateau"}),
    ("two-block-cnn", EVERYTHING | {"optimizer": "sgd", "schedule": "exponential"}),
    ("digits-cnn", EVERYTHING | {"mixed_precision": True, "optimizer": "adamw", "schedule": "cosine"}),
    ("pretrained", RANDOM | {"head": "hidden", "backbone": "imagenet-both"}),
    ("pretrained", RANDOM | {"head": "linear", "optimizer": "adam", "schedule": "cosine"}),
    ("pretrained", RANDOM | {"head": "hidden", "backbone": "vgg19", "schedule": "plateau"}),
    ("vgg19-transfer", RANDOM),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    return {classes: make_data(folder / f"data {classes}", classes=classes) for classes in (2, 3)}


@pytest.fixture(autouse=True)
def narrow_vgg19(monkeypatch):
    monkeypatch.setattr(vgg19_layout, "BLOCKS", ((3, 2), (4, 2), (5, 4), (6, 4), (7, 4)))


@pytest.mark.parametrize(
    ("recipe", "changes"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_network_of_a_script_is_that_of_the_run(recipe, changes, data, tmp_path):
    import keras

    size = 16 if recipe == "resnet-small" else 8
    runs, _library = stores_in(tmp_path)
    classes = 2 if recipe == "cats-dogs-cnn" else 3  # one unit, which only two classes have
    values = {"input_size": size, "epochs": 1} | changes
    entry = begun(runs, tiny_config(data[classes], recipe=recipe, **values))
    script = script_of(entry, in_folder=True)
    lint(script.text)
    module = loaded(script.text, tmp_path)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(script.facts.policy)
    try:
        built = module.build_network()
    finally:
        keras.config.set_dtype_policy(before)
    built = built[0] if isinstance(built, tuple) else built
    own = script.facts.network.full
    assert built.count_params() == own.count_params()
    assert [config(layer) for layer in flat(built)] == [config(layer) for layer in flat(own)]
    assert [layer.output.shape for layer in flat(built)] == [layer.output.shape for layer in flat(own)]
    for given, wanted in zip(built.weights, own.weights, strict=True):
        np.testing.assert_array_equal(given.numpy(), wanted.numpy(), err_msg=wanted.path)
    pixels = np.random.default_rng(0).integers(0, 256, (2, *own.input_shape[1:])).astype(np.float32)
    np.testing.assert_array_equal(built(pixels, training=False), own(pixels, training=False))


def flat(model):
    """The layers of a network, those of its parts too."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from flat(layer)
        else:
            yield layer


def config(layer):
    """A layer's class, and its configuration without what training sets."""
    found = {key: value for key, value in layer.get_config().items() if key != "trainable"}
    if type(layer).__name__ == LRN:  # the script has a class of its own
        found = {"name": found["name"]}
    return type(layer).__name__, repr(found)


def lint(text):
    """Check that a script has no long lines, unused names or imports out of order."""
    words = ["check", "--isolated", "--select", "E,W,F,I,B,UP,N,SIM", "--line-length", "100", "-"]
    found = subprocess.run(
        [sys.executable, "-m", "ruff", *words], input=text, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "desktop_app" not in text


def test_operations_are_written_too(tmp_path):
    import keras
    from keras import ops

    picture = keras.Input((4, 4, 6), name="picture")
    shares = ops.power(2.0 + 1e-4 * ops.sum(ops.square(picture), axis=-1, keepdims=True), 0.75)
    padded = ops.pad(picture / shares, ((0, 0), (1, 1), (0, 0), (0, 0)))
    both = ops.transpose(ops.concatenate([padded, padded], axis=-1), (0, 2, 1, 3))
    model = keras.Model(picture, keras.layers.Add(name="added")([both, both]), name="network")
    lines = ["import keras", "from keras import layers", "def build():", *network_source(model, "float32")]
    built = loaded("\n".join(lines), tmp_path).build()
    pixels = np.random.default_rng(0).normal(size=(2, 4, 4, 6)).astype(np.float32)
    np.testing.assert_array_equal(built(pixels), model(pixels))


def test_what_cannot_be_written_is_named():
    import keras

    class Own(keras.layers.Layer):
        def call(self, inputs):
            return inputs

    picture = keras.Input((4, 4, 3))
    with pytest.raises(Unwritable, match="a layer Own, which Keras does not have"):
        network_source(keras.Model(picture, Own()(picture)), "float32")
    shared = keras.layers.ReLU(name="shared")
    with pytest.raises(Unwritable, match="uses its layer shared more than once"):
        network_source(keras.Model(picture, shared(shared(picture))), "float32")
    with pytest.raises(Unwritable, match="several inputs or outputs"):
        network_source(keras.Model(picture, [shared(picture), picture]), "float32")
    with pytest.raises(Unwritable, match="a constant tensor, which cannot"):
        network_source(keras.Model(picture, picture[:, 0]), "float32")
