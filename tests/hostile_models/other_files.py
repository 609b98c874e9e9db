"""Files beside the model that are not its own. None of those that are read exists."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import h5py

from tests.hostile_models.cases import NO_FILE, case
from tests.keras_file import (
    CLASSES,
    keras_members,
    plain_config,
    plain_weights,
    write_keras,
    write_zip,
)


@case
def traversal_in_the_archive(path):
    write_zip(path, keras_members() | {"../beside.txt": b"x"})


@case
def absolute_name_in_the_archive(path):
    write_zip(path, keras_members() | {"/beside.txt": b"x"})


@case
def assets_in_the_archive(path):
    write_zip(path, keras_members() | {"assets/layers/x/vocabulary.txt": b"x"})


@case
def link_in_the_archive(path):
    members = keras_members()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            is_link = name == "model.weights.h5"
            info.external_attr = (0o120777 if is_link else 0o100644) << 16
            archive.writestr(info, NO_FILE.encode() if is_link else data)


@case
def traversal_in_a_layer_name(path):
    config = plain_config()
    config["config"]["layers"][2]["config"]["name"] = "../beside"
    config["config"]["layers"][2]["name"] = "../beside"
    write_keras(path, config)


@case
def external_link_in_the_weights(path):
    def write(file):
        plain_weights(file)
        del file["layers/dense/vars/0"]
        file["layers/dense/vars/0"] = h5py.ExternalLink(NO_FILE, "/secret")

    write_keras(path, weights=write)


@case
def soft_link_in_the_weights(path):
    def write(file):
        plain_weights(file)
        del file["layers/dense/vars/1"]
        file["layers/dense/vars/1"] = h5py.SoftLink("/layers/dense/vars/0")

    write_keras(path, weights=write)


@case
def external_storage_in_the_weights(path):
    def write(file):
        plain_weights(file)
        del file["layers/dense/vars/1"]
        size = CLASSES * 4
        file.create_dataset("layers/dense/vars/1", (CLASSES,), "f4", external=[(NO_FILE.encode(), 0, size)])

    with tempfile.NamedTemporaryFile(suffix=".h5") as scratch:
        # HDF5 keeps external storage only for files that lie on the disk.
        with h5py.File(scratch.name, "w") as file:
            write(file)
        write_keras(path, weights=Path(scratch.name).read_bytes())


@case
def virtual_array_in_the_weights(path):
    def write(file):
        plain_weights(file)
        del file["layers/dense/vars/1"]
        layout = h5py.VirtualLayout((CLASSES,), "f4")
        layout[:] = h5py.VirtualSource(NO_FILE, "secret", (CLASSES,))
        file.create_virtual_dataset("layers/dense/vars/1", layout)

    write_keras(path, weights=write)


@case
def reference_in_the_weights(path):
    def write(file):
        plain_weights(file)
        file.create_dataset("layers/dense/vars/2", (1,), h5py.ref_dtype)

    write_keras(path, weights=write)


@case
def texts_in_the_weights(path):
    def write(file):
        plain_weights(file)
        file["layers/dense/vars/2"] = ["text"]

    write_keras(path, weights=write)
