"""Files of Keras 2 are called by their name instead of damaged."""

from __future__ import annotations

import json

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests.keras_file import keras_members, plain_config, write_keras, write_zip


def keras_2_config():
    """Describe a Functional model as tf.keras 2.15 does."""
    entry = {
        "module": "keras.layers",
        "class_name": "InputLayer",
        "config": {"batch_input_shape": [None, 8, 8, 3], "dtype": "float32", "sparse": False, "name": "i"},
        "registered_name": None,
    }
    return {
        "module": "keras.src.engine.functional",
        "class_name": "Functional",
        "config": {"name": "model", "trainable": True, "layers": [entry]},
        "registered_name": "Functional",
        "build_config": {"input_shape": [None, 8, 8, 3]},
    }


@pytest.mark.parametrize("version", ["2.15.0", "2.13.1", "2.12.0-tf", None])
def test_a_file_of_keras_2_is_named(tmp_path, version):
    members = keras_members(keras_2_config())
    members["metadata.json"] = json.dumps({"keras_version": version} if version else {}).encode()
    path = write_zip(tmp_path / "old.keras", members)
    with pytest.raises(
        ModelError, match=rf"old\.keras is refused: it was saved by Keras {version or 2} and has not been"
    ) as refusal:
        inspect_archive(path)
    assert "translates such files first" in refusal.value.advice


def test_its_layers_tell_too(tmp_path):
    config = plain_config()
    config["config"]["layers"][0]["config"]["batch_input_shape"] = [None, 8, 8, 3]
    with pytest.raises(ModelError, match="saved by Keras 2"):
        inspect_archive(write_keras(tmp_path / "m.keras", config))


@pytest.mark.parametrize("version", ["3.15.1", "2", "2.15 and a long story", 2.15, None])
def test_other_versions_are_no_reason_to_refuse(tmp_path, version):
    members = keras_members()
    members["metadata.json"] = json.dumps({"keras_version": version}).encode()
    assert inspect_archive(write_zip(tmp_path / "m.keras", members)).outputs == 3
