"""Files that are something else."""

from __future__ import annotations

import json
import pickle
import zlib

import h5py

from tests.hostile_models.cases import case
from tests.keras_file import (
    hdf5_bytes,
    keras_members,
    plain_weights,
    write_keras,
    write_zip,
)


@case
def pickle_named_keras(path):
    # A pickle can run any program; this one holds a list.
    path.write_bytes(pickle.dumps([1, 2, 3]))


@case
def hdf5_model_named_keras(path):
    # Keras opens the older format without its safe mode.
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Lambda", "config": {}})


@case
def web_page_named_keras(path):
    path.write_text("<!DOCTYPE html><html>Please log in</html>")


@case
def empty_file(path):
    path.write_bytes(b"")


@case
def truncated_archive(path):
    write_keras(path)
    path.write_bytes(path.read_bytes()[:-100])


@case
def damaged_weights(path):
    write_keras(path, weights=hdf5_bytes(plain_weights)[:1000])


@case
def weights_in_another_format(path):
    members = keras_members()
    members["model.weights.npz"] = members.pop("model.weights.h5")
    write_zip(path, members)


@case
def config_that_is_no_object(path):
    write_keras(path, b"[1, 2, 3]")


@case
def config_that_is_no_text(path):
    write_keras(path, zlib.compress(b"config"))
