"""What Sightline keeps of a checked configuration and hands to Keras."""

from __future__ import annotations

import json

import numpy as np
import pytest

from desktop_app.core.library.inspection.keras.loading import load_checked_model
from desktop_app.core.library.inspection.keras.rewriting import loadable, plain
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests.hostile_models.cases import call
from tests.keras_file import CLASSES, SIDE, functional, plain_config, write_keras


def record_of_a_function():
    return {"module": "no_such_module", "class_name": "function", "config": "run", "registered_name": "run"}


def nested(compiled):
    inner = plain_config() | {"name": "inner", "inbound_nodes": call("picture")}
    inner["config"]["name"] = "inner"
    inner["compile_config"] = compiled
    document = functional([inner], "inner", [None, SIDE, SIDE, 3])
    document["config"]["output_layers"] = [["inner", 1, 0]]  # Keras counts its construction as a call
    return document


@pytest.mark.parametrize("rewrite", [plain, loadable])
def test_training_settings_of_models_within_never_reach_keras(tmp_path, rewrite):
    document = nested({"loss": record_of_a_function()})
    assert inspect_archive(write_keras(tmp_path / "m.keras", document)).outputs == CLASSES
    assert "no_such_module" in json.dumps(document)
    assert "no_such_module" not in json.dumps(rewrite(document))


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_compiled_models_within_a_model_are_taken(tmp_path):
    import keras

    def part(seed):
        model = keras.Sequential(
            [
                keras.Input((8, 8, 3)),
                keras.layers.Flatten(),
                keras.layers.Dense(
                    3, activation="softmax", kernel_initializer=keras.initializers.GlorotNormal(seed)
                ),
            ]
        )
        model.compile("adam", "categorical_crossentropy", ["accuracy"])
        return model

    picture = keras.Input((8, 8, 3))
    model = keras.Model(picture, keras.layers.Average()([part(1)(picture), part(2)(picture)]))
    model.save(tmp_path / "m.keras")
    pixels = np.random.default_rng(0).uniform(0, 1, (2, 8, 8, 3)).astype("f4")
    found = load_checked_model(tmp_path / "m.keras")(pixels, training=False)
    np.testing.assert_array_equal(np.asarray(found), np.asarray(model(pixels, training=False)))


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_a_layer_adapted_to_an_array_is_taken(tmp_path):
    import keras

    pictures = np.random.default_rng(0).uniform(0, 255, (20, 8, 8, 3)).astype("f4")
    adapted = keras.layers.Normalization()
    adapted.adapt(pictures)
    dense = keras.layers.Dense(3, activation="softmax")
    model = keras.Sequential([keras.Input((8, 8, 3)), adapted, keras.layers.Flatten(), dense])
    model.save(tmp_path / "m.keras")
    assert inspect_archive(tmp_path / "m.keras").scaling.decided
    found = load_checked_model(tmp_path / "m.keras")(pictures, training=False)
    wanted = np.asarray(model(pictures, training=False))
    np.testing.assert_allclose(np.asarray(found), wanted, atol=1e-6)
