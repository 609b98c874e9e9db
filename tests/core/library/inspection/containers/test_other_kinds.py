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
        (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "a PyTorch model", "torch.onnx.export"),
        (b"PK\x03\x04" + bytes(50), "damaged or incomplete archive", "again"),
        (b"", "the file is empty", "Keras 3"),
        (b"\x80\x02" + bytes(50), "Python pickle", "skl2onnx"),
        (b"\x40" + bytes(7) + b'{"conv.weight": {"dtype": "F32"', "safetensors file", "torch.onnx.export"),
        (b"\x93NUMPY\x01\x00", "NumPy file", "model.save"),
        (b"GGUF\x03", "a language model", "classify pictures"),
        (b"ftrt" + bytes(50), "TensorRT engine", "ONNX"),
        (b'<?xml version="1.0"?>\n<PMML version="4.4">', "PMML", "classifies pictures"),
        (b'<?xml version="1.0"?>\n<net name="a" version="11">', "OpenVINO", "ONNX"),
        (b'{"format": "layers-model", "generatedBy": "keras"}', "TensorFlow.js", "tensorflowjs_converter"),
        (b'{"modelTopology": {}, "weightsManifest": []}', "TensorFlow.js", "tensorflowjs_converter"),
        (b'{"class_name": "Sequential", "config": {}}', "without its weights", "model.save"),
        (b'{"architectures": ["ViT"]}', "Hugging Face", "optimum-cli"),
        (b'name: "LeNet"\nlayer {\n', "Caffe", "ONNX"),
        (b"7767517\n75 83\n", "ncnn", "ONNX"),
        (b"tree\nversion=v4", "decision trees", "classify pictures"),
        (b"MATLAB 5.0 MAT-file", "MATLAB", "exportONNXNetwork"),
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
        (["model.json", "weights.bin", "metadata.json"], "a TensorFlow.js model", "tensorflowjs_converter"),
        (["m/saved_model.pb", "m/variables/variables.index"], "a TensorFlow SavedModel", "tf2onnx"),
        (["archive/data.pkl", "archive/data/0"], "a PyTorch model", "torch.onnx.export"),
        (["m/code/__torch__.py", "m/constants.pkl", "m/data.pkl"],
         "a TorchScript model", "torch.onnx.export"),
        (["m/archive_format", "m/models/model.json"], "torch.export", "torch.onnx.export"),
        (["Manifest.json", "Data/net.mlmodel"], "a Core ML model", "ONNX"),
        (["a.npy", "b.npy"], "a NumPy file", "model.save"),
        (["mine/flowers.keras", "labels.txt"], "an archive with the model flowers.keras in it", "Unpack it"),
        (["letter.txt"], "contains 'letter.txt', which a model file does not have", "Keras 3"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_archives(tmp_path, names, words, advice, compression):
    refusal = refusal_of(write_zip(tmp_path / "m.zip", dict.fromkeys(names, b"x" * 100), compression))
    assert words in str(refusal)
    assert advice in refusal.advice


@pytest.mark.parametrize(
    ("name", "words", "advice"),
    [
        ("graph.pb", "TensorFlow graph", "tf2onnx.convert --graphdef"),
        ("net.mlmodel", "Core ML", "ONNX"),
        ("net.caffemodel", "Caffe", "ONNX"),
        ("yolo.weights", "Darknet", "ONNX"),
        ("net.mnn", "MNN", "ONNX"),
        ("net.ncnn", "ncnn", "ONNX"),
        ("inference.pdmodel", "PaddlePaddle", "paddle2onnx"),
        ("model.ckpt.data-00000-of-00001", "checkpoint", "model.save"),
        ("model.sav", "Python pickle", "skl2onnx"),
        ("model.joblib", "Python pickle", "skl2onnx"),
        ("model.pth", "PyTorch", "torch.onnx.export"),
        ("net.params", "MXNet", "ONNX"),
        ("model.doc", "it is not a .keras file", "Keras 3"),
    ],
)
def test_files_that_begin_with_nothing_of_their_own(tmp_path, name, words, advice):
    path = tmp_path / name
    path.write_bytes(b"\x0a\x01" + bytes(100))
    refusal = refusal_of(path)
    assert words in str(refusal)
    assert advice in refusal.advice


def test_archives_with_many_members(tmp_path):
    """A PyTorch model has one for each array, more than would be listed."""
    names = ["net/data.pkl", *(f"net/data/{number}" for number in range(60))]
    refusal = refusal_of(write_zip(tmp_path / "m.pt", dict.fromkeys(names, b"x")))
    assert "a PyTorch model" in str(refusal)


def test_a_model_file_with_something_more_is_still_refused_for_that(tmp_path):
    path = write_zip(tmp_path / "m.keras", keras_members() | {"more.h5": b""})
    assert "contains 'more.h5'" in str(refusal_of(path))
