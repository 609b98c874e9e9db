"""What a checked model takes and gives."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests.keras_file import CLASSES, SIDE, functional, layer, plain_config, plain_weights, write_keras

POOL = {"data_format": "channels_last", "keepdims": False}


def pooled(tmp_path, shape, *before):
    """Save a network that pools its input after some other layers."""
    source = before[-1]["name"] if before else "picture"
    pool = layer("GlobalAveragePooling2D", "pool", [source], **POOL)
    return write_keras(tmp_path / "m.keras", functional([*before, pool], "pool", shape), lambda file: None)


def test_a_plain_classifier(tmp_path):
    summary = inspect_archive(write_keras(tmp_path / "m.keras"))
    assert (summary.height, summary.width, summary.channels) == (SIDE, SIDE, 3)
    assert (summary.outputs, summary.parameters) == (CLASSES, SIDE * SIDE * 3 * CLASSES + CLASSES)
    assert not summary.scaling.decided
    assert not summary.any_size


def test_the_optimizers_arrays_do_not_count(tmp_path):
    def write(file):
        plain_weights(file)
        file["optimizer/vars/0"] = np.zeros((), "i8")
        file["layers/dropout/seed_generator/vars/0"] = np.zeros(2, "u4")

    assert inspect_archive(write_keras(tmp_path / "m.keras", weights=write)).parameters == 579


@pytest.mark.parametrize("name", ["layers/extra/vars/0", "vars/0"])
def test_other_arrays_are_too_many(tmp_path, name):
    def write(file):
        plain_weights(file)
        file[name] = np.zeros(3, "f4")

    with pytest.raises(ModelError, match="not those that its layers need"):
        inspect_archive(write_keras(tmp_path / "m.keras", weights=write))


def test_missing_arrays_are_too_few(tmp_path):
    def write(file):
        plain_weights(file)
        del file["layers/dense/vars/1"]

    with pytest.raises(ModelError, match="not those that its layers need"):
        inspect_archive(write_keras(tmp_path / "m.keras", weights=write))


def test_scaling_before_the_first_learning_layer_is_noticed(tmp_path):
    rescale = layer("Rescaling", "rescale", ["picture"], scale=1 / 255, offset=0.0)
    assert inspect_archive(pooled(tmp_path, [None, 8, 8, 3], rescale)).scaling.decided
    assert not inspect_archive(pooled(tmp_path, [None, 8, 8, 3])).scaling.decided


def test_an_open_size_becomes_a_common_one(tmp_path):
    summary = inspect_archive(pooled(tmp_path, [None, None, None, 3]))
    assert (summary.height, summary.width, summary.any_size) == (224, 224, True)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ([None, 8, 8, 4], "one or three channels"),
        ([None, 8, 8, None], "one or three channels"),
        ([None, 8, 3], "8 rows of 3 numbers is not a picture"),
        ([None], "one or three channels"),
        ([4, 8, 8, 3], "fixed number of pictures"),
        ([None, 5000, 8, 3], "larger than 4096"),
        ([None, 0, 8, 3], "not a whole number"),
    ],
)
def test_inputs_that_are_no_pictures(tmp_path, shape, words):
    with pytest.raises(ModelError, match=words):
        inspect_archive(pooled(tmp_path, shape))


def test_an_answer_per_pixel_is_no_classification(tmp_path):
    config = plain_config()
    config["config"]["layers"] = config["config"]["layers"][:1]
    config["config"]["output_layers"] = [["picture", 0, 0]]
    with pytest.raises(ModelError, match="one number per class"):
        inspect_archive(write_keras(tmp_path / "m.keras", config, lambda file: None))


@pytest.mark.parametrize("key", ["input_layers", "output_layers"])
def test_several_inputs_or_outputs_are_refused(tmp_path, key):
    config = plain_config()
    config["config"][key] = [["picture", 0, 0], ["logits", 0, 0]]
    with pytest.raises(ModelError, match="several inputs or outputs"):
        inspect_archive(write_keras(tmp_path / "m.keras", config))


@pytest.mark.parametrize("field", ["units", "use_bias"])
def test_a_missing_field_is_named(tmp_path, field):
    config = plain_config()
    del config["config"]["layers"][2]["config"][field]
    with pytest.raises(ModelError, match=f"lacks the field '{field}'"):
        inspect_archive(write_keras(tmp_path / "m.keras", config))


def test_an_unknown_field_is_named(tmp_path):
    config = plain_config()
    config["config"]["layers"][2]["config"]["surprise"] = 1
    with pytest.raises(ModelError, match="unknown field 'surprise'"):
        inspect_archive(write_keras(tmp_path / "m.keras", config))


@pytest.mark.parametrize("key", ["dtype", "kernel_initializer"])
@pytest.mark.parametrize("part", ["module", "class_name", "registered_name"])
@pytest.mark.parametrize("value", [["x"], {"x": 1}])
def test_a_word_that_is_none_is_refused(tmp_path, key, part, value):
    config = plain_config()
    config["config"]["layers"][2]["config"][key] |= {part: value}
    with pytest.raises(ModelError, match="not on Sightline's list"):
        inspect_archive(write_keras(tmp_path / "m.keras", config))
