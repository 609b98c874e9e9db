"""The copy that is kept of a model holds the network and nothing else."""

from __future__ import annotations

import json
import zipfile

import h5py
import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.exchange.cleaning import write_clean
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests.keras_file import plain_config, write_keras

SECRET = "a note that must not come along"


def arrays(path, tmp_path):
    """Every object and attribute of the weights, by path."""
    with zipfile.ZipFile(path) as archive:
        archive.extract("model.weights.h5", tmp_path / "out")
    found = {}
    with h5py.File(tmp_path / "out" / "model.weights.h5") as weights:

        def note(name, entry):
            found[name] = entry[()] if isinstance(entry, h5py.Dataset) else None
            found.update({f"{name}@{key}": value for key, value in entry.attrs.items()})

        weights.visititems(note)
        found.update({f"@{key}": value for key, value in weights.attrs.items()})
    return found


def more(write):
    """Add to the weights that a plain model has."""

    def fill(file):
        write(file)
        file["optimizer/vars/0"] = np.zeros(1000, "f4")
        file["layers/dropout/seed_generator/vars/0"] = np.zeros(5000, "u4")
        file["layers/dropout_1/seed_generator/vars/0"] = np.array([3, 4], "u4")
        file.create_group("unknown").attrs["note"] = SECRET
        file.attrs["note"] = SECRET

    return fill


@pytest.fixture
def crowded(tmp_path):
    config = plain_config() | {"compile_config": {"loss": "categorical_crossentropy", "note": SECRET}}
    plain = write_keras(tmp_path / "plain.keras")
    weights = {name: value for name, value in arrays(plain, tmp_path).items() if value is not None}

    def write(file):
        for name, value in weights.items():
            file[name] = value

    path = write_keras(tmp_path / "crowded.keras", config, more(write))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["metadata.json"] = json.dumps({"keras_version": "3.15.1", "note": SECRET}).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    path.write_bytes(SECRET.encode() + path.read_bytes())
    return path


def test_only_what_is_loaded_comes_along(crowded, tmp_path):
    before = inspect_archive(crowded)
    kept = tmp_path / "kept.keras"
    write_clean(crowded, kept, NEVER)
    assert SECRET.encode() not in kept.read_bytes()
    with zipfile.ZipFile(kept) as archive:
        assert archive.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
        assert json.loads(archive.read("metadata.json")) == {"keras_version": "3.15.1"}
        assert json.loads(archive.read("config.json")) == plain_config()
    found, wanted = arrays(kept, tmp_path), arrays(tmp_path / "plain.keras", tmp_path)
    numbers = {name for name, value in found.items() if value is not None}
    plain = {name for name, value in wanted.items() if value is not None}
    assert numbers == plain | {"layers/dropout_1/seed_generator/vars/0"}
    assert all((found[name] == wanted[name]).all() for name in plain)
    assert inspect_archive(kept).parameters == before.parameters
    assert {path.name for path in tmp_path.iterdir()} >= {"kept.keras"}
    assert not list(tmp_path.glob("kept.keras.*"))


def test_a_clean_copy_of_a_copy_is_the_same(crowded, tmp_path):
    write_clean(crowded, tmp_path / "a.keras", NEVER)
    write_clean(tmp_path / "a.keras", tmp_path / "b.keras", NEVER)
    assert (tmp_path / "a.keras").read_bytes() == (tmp_path / "b.keras").read_bytes()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_no_numbers_are_refused(tmp_path, value):
    plain = write_keras(tmp_path / "plain.keras")
    weights = {name: each for name, each in arrays(plain, tmp_path).items() if each is not None}

    def write(file):
        for name, numbers in weights.items():
            file[name] = np.full_like(numbers, value)

    path = write_keras(tmp_path / "m.keras", plain_config(), write)
    with pytest.raises(ModelError, match="numbers that are none"):
        write_clean(path, tmp_path / "kept.keras", NEVER)
    assert not list(tmp_path.glob("kept*"))


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "bfloat16", "float64"])
def test_a_clean_copy_answers_as_before(tmp_path, policy):
    import keras

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.RandomFlip(),
            layers.Conv2D(4, 3, dtype=policy),
            layers.BatchNormalization(dtype=policy),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax", dtype=policy),
        ]
    )
    model.compile("adam", "categorical_crossentropy")
    pixels = np.random.default_rng(0).uniform(0, 1, (4, 8, 8, 3)).astype("f4")
    model.fit(pixels, np.eye(3)[[0, 1, 2, 0]], verbose=0)
    path, kept = tmp_path / "m.keras", tmp_path / "kept.keras"
    model.save(path)
    write_clean(path, kept, NEVER)
    assert kept.stat().st_size < path.stat().st_size
    stored = keras.models.load_model(kept)
    np.testing.assert_array_equal(
        np.asarray(model(pixels, training=False)), np.asarray(stored(pixels, training=False))
    )
