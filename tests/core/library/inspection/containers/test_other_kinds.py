"""What people take for a ``.keras`` file is called by its name, with a way to get one."""

from __future__ import annotations

import zipfile

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.containers.archive import KERAS_MEMBERS, open_archive
from tests.keras_file import hdf5_bytes, keras_members, write_zip


def refusal_of(path):
    with pytest.raises(ModelError) as refusal, open_archive(path, KERAS_MEMBERS):
        pass
    return refusal.value


@pytest.mark.parametrize(
    ("data", "words", "advice"),
    [
        (hdf5_bytes(lambda file: None), "it is an HDF5 file", "translates it first"),
        (b"\x1c\x00\x00\x00TFL3" + bytes(40), "TensorFlow Lite model", "Keras 3"),
        (b"PK\x03\x04" + bytes(50), "damaged or incomplete archive", "again"),
        (b"", "the file is empty", "Keras 3"),
        (b"\x80\x02" + bytes(50), "Python pickle", "Keras 3"),
        (b"\x89PNG" + bytes(50), "it is not a .keras file", "Keras 3"),
    ],
)  # fmt: skip
def test_files(tmp_path, data, words, advice):
    path = tmp_path / "m.keras"
    path.write_bytes(data)
    refusal = refusal_of(path)
    assert words in str(refusal)
    assert advice in refusal.advice


@pytest.mark.parametrize(
    ("names", "words", "advice"),
    [
        (["keras_model.h5", "labels.txt"], "with the HDF5 model keras_model.h5", "Unpack it, and import"),
        (["model_unquant.tflite", "labels.txt"], "a TensorFlow Lite model", "train on the same pictures"),
        (["model.json", "weights.bin", "metadata.json"], "a TensorFlow.js model", "train on the same"),
        (["m/saved_model.pb", "m/variables/variables.index"], "a TensorFlow SavedModel", "Keras 3"),
        (["archive/data.pkl", "archive/data/0"], "a PyTorch model", "Keras 3"),
        (["mine/flowers.keras", "labels.txt"], "an archive with the model flowers.keras in it", "Unpack it"),
        (["letter.txt"], "contains 'letter.txt', which a model file does not have", "Keras 3"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_archives(tmp_path, names, words, advice, compression):
    refusal = refusal_of(write_zip(tmp_path / "m.zip", dict.fromkeys(names, b"x" * 100), compression))
    assert words in str(refusal)
    assert advice in refusal.advice


def test_a_model_file_with_something_more_is_still_refused_for_that(tmp_path):
    path = write_zip(tmp_path / "m.keras", keras_members() | {"more.h5": b""})
    assert "contains 'more.h5'" in str(refusal_of(path))
