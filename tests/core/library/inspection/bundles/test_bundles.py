"""What is taken of the exports of Teachable Machine and Lobe: as archive, as folder, as a file of it."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest
from PIL import Image, ImageOps

from desktop_app.core.foundation.cancellation import NEVER, Cancelled, CancelSource
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.bundles import contents, opening
from desktop_app.core.library.inspection.tflite.summary import inspect_tflite
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.pixels import affine_of
from desktop_app.core.networks.preprocessing import fit_to_input
from tests import exports
from tests.exports import LABELS, pack, unpack
from tests.keras_file import keras_members


@pytest.fixture
def find(tmp_path):
    def scratch():
        folder = tmp_path / "scratch"
        folder.mkdir()
        return folder

    return lambda path: opening.open_bundle(path, scratch, NEVER)


def refusal(find, path) -> ModelError:
    with pytest.raises(ModelError) as found:
        find(path)
    assert path.name in str(found.value)
    assert found.value.advice
    return found.value


IMAGE, POSE = (
    {
        "model.json": b"{}",
        "weights.bin": b"x",
        "metadata.json": b'{"packageName": "@teachablemachine/%s"}' % project,
    }
    for project in (b"image", b"pose")
)
SOUND = IMAGE | {"metadata.json": b'{"wordLabels": ["a"]}'}
WAYS = ("archive", "stored archive", "archive with a folder", "folder", "file")


def offered(tmp_path, files, way):
    """The path that a person chooses."""
    model = next(iter(files))
    if way == "file":
        return unpack(tmp_path / "mine", files) / model
    if way == "folder":
        return unpack(tmp_path / "mine", files)
    if way == "archive with a folder":
        files = {f"mine/{name}": data for name, data in files.items()}
    stored = way == "stored archive"
    return pack(tmp_path / "mine.zip", files, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("model", "kind", "size", "ends"),
    [
        ("model_unquant.tflite", "tflite", (224, 224, 3), (-1, 1)),
        ("model.tflite", "tflite", (224, 224, 3), (-127 * 2 / 255, 128 * 2 / 255)),
        ("vww_96_grayscale_quantized.tflite", "tflite", (96, 96, 1), (-1, 1)),
        ("keras_model.h5", "keras2", (224, 224, 3), (-1, 1)),
    ],
)
def test_teachable_machine(tmp_path, find, way, model, kind, size, ends):
    files = exports.teachable_machine(model)
    bundle = find(offered(tmp_path, files, way))
    assert (bundle.kind, bundle.labels, bundle.size) == (kind, LABELS, size)
    assert (bundle.fit, bundle.resample) == ("crop", "lanczos")
    assert bundle.path.read_bytes() == files[model]
    assert "Teachable Machine" in bundle.words
    affine = affine_of(bundle.preprocessing)
    assert [affine.offset[0], 255 * affine.scale[0] + affine.offset[0]] == pytest.approx(ends, abs=1e-6)
    if kind == "tflite":
        summary = inspect_tflite(bundle.path)
        assert (summary.height, summary.width, summary.channels) == size
        assert summary.outputs == len(LABELS)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("format_", "kind"), [("tf_lite", "tflite"), ("onnx", "onnx")])
def test_lobe(tmp_path, find, way, format_, kind):
    files = exports.lobe(format_)
    bundle = find(offered(tmp_path, files, way))
    assert (bundle.kind, bundle.labels, bundle.size) == (kind, LABELS, (224, 224, 3))
    assert (bundle.preprocessing, bundle.fit, bundle.resample) == ("unit", "crop", "bicubic")
    assert bundle.path.read_bytes() == next(iter(files.values()))
    assert "Lobe" in bundle.words


def test_pictures_come_as_teachable_machine_prepares_them():
    """Its example scales with ``ImageOps.fit`` and LANCZOS."""
    picture = (
        np.random.default_rng(0).integers(0, 256, (30, 20, 3), dtype=np.uint8).repeat(9, 0).repeat(11, 1)
    )
    spec = InputSpec(height=224, width=224, fit="crop", resample="lanczos")
    expected = np.asarray(ImageOps.fit(Image.fromarray(picture), (224, 224), Image.Resampling.LANCZOS))
    found = fit_to_input(picture, spec)
    assert np.abs(found.astype(int) - expected).max() <= 1


def test_labels_that_are_written_in_another_way_are_of_another_program(tmp_path, find):
    for text in ("Cats\nDogs\nBirds\n", "1 Cats\n2 Dogs\n3 Birds\n", "0 Cats\n2 Dogs\n1 Birds\n", ""):
        path = pack(tmp_path / "a.zip", exports.teachable_machine(labels=text))
        bundle = opening.open_bundle(path, lambda: tmp_path, NEVER)
        assert (bundle.preprocessing, bundle.fit, bundle.words) == (None, None, "")


def test_labels_that_differ_by_an_ending_keep_theirs(tmp_path, find):
    files = exports.teachable_machine(labels="0 cat\n1 cats\n2 10 euros\n")
    assert find(pack(tmp_path / "a.zip", files)).labels == ("cat", "cats", "10 euros")


def test_a_model_tflite_of_another_program(tmp_path, find):
    """Its name is common: without an input of bytes it is not Teachable Machine's."""
    files = {"model.tflite": exports.floating().bytes(), "labels.txt": exports.NUMBERED.encode()}
    bundle = find(pack(tmp_path / "a.zip", files))
    assert (bundle.labels, bundle.preprocessing, bundle.words) == (LABELS, None, "")


@pytest.mark.parametrize("name", ["flowers.tflite", "flowers.onnx", "flowers.h5", "flowers.keras", "x.bin"])
def test_lone_files_are_no_exports(tmp_path, find, name):
    path = unpack(tmp_path, {name: b"x" * 100, "labels.txt": exports.NUMBERED.encode()}) / name
    assert find(path) is None


def test_a_model_that_the_signature_beside_it_does_not_name(tmp_path, find):
    files = exports.lobe() | {"other.tflite": b"x"}
    assert find(unpack(tmp_path / "mine", files) / "other.tflite") is None


def test_our_own_archives_are_no_exports(tmp_path, find):
    assert find(pack(tmp_path / "m.keras", keras_members(), zipfile.ZIP_STORED)) is None
    assert find(pack(tmp_path / "m.zip", {"card.json": b"{}", "model.tflite": b"x"})) is None


@pytest.mark.parametrize(
    ("files", "words", "advice"),
    [
        ({"model_edgetpu.tflite": b"x", "labels.txt": b"0 a"}, "Coral Edge TPU", "Floating point"),
        ({"soundclassifier_with_metadata.tflite": b"x", "labels.txt": b"0 a"}, "for sounds", "image project"),
        ({"person_detect_model_data.cpp": b"x"}, "for an Arduino", "Floating point"),
        (IMAGE, "for browsers", "Tensorflow, Keras"),
        (POSE, "for poses", "image project"),
        (SOUND, "for sounds", "image project"),
        ({"model.json": b"{}", "weights.bin": b"x"}, "a TensorFlow.js model", "tensorflowjs_converter"),
        (
            {"model.savedmodel/saved_model.pb": b"x", "labels.txt": b"0 a"},
            "a TensorFlow SavedModel",
            "tf2onnx.convert --saved-model",
        ),
        (exports.lobe("tf"), "export of Lobe with a TensorFlow SavedModel", "TensorFlow Lite or ONNX"),
        (exports.lobe("tf_js"), "export of Lobe with a model for browsers", "TensorFlow Lite or ONNX"),
        (exports.lobe("core_ml"), "unknown format 'core_ml'", "TensorFlow Lite or ONNX"),
        (exports.lobe(filename="../model.tflite"), "which is not beside it", "TensorFlow Lite or ONNX"),
        (exports.lobe(filename="/etc/hostname"), "which is not beside it", "TensorFlow Lite or ONNX"),
        (exports.lobe(inputs={}), "does not name one picture", "Keras"),
        (exports.lobe(inputs={"Image": {"shape": [None, None, 4, 3]}}), "how large", "Keras"),
        (exports.lobe(classes={"Label": [1, 2]}), "no list of names", "Keras"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["archive", "folder"])
def test_exports_that_cannot_be_taken(tmp_path, find, files, words, advice, way):
    found = refusal(find, offered(tmp_path, files, way))
    assert words in str(found)
    assert advice in found.advice


@pytest.mark.parametrize(
    ("names", "words", "advice"),
    [
        (["saved_model.pb", "variables/variables.index"], "TensorFlow SavedModel", "tf_keras"),
        (["config.json", "model.safetensors", "preprocessor_config.json"], "Hugging Face", "optimum-cli"),
        (["config.json", "pytorch_model.bin"], "Hugging Face", "optimum-cli"),
        (["Manifest.json", "Data/model.mlmodel"], "Core ML", "ONNX"),
        (["model.json", "group1-shard1of1.bin"], "TensorFlow.js", "tensorflowjs_converter"),
        (["weights.safetensors"], "safetensors", "torch.onnx.export"),
        (["model.ckpt.index", "model.ckpt.data-00000-of-00001", "checkpoint"], "checkpoint", "model.save"),
        (["net.xml", "net.bin"], "OpenVINO", "ONNX"),
        (["net.param", "net.bin"], "ncnn", "ONNX"),
        (["inference.pdmodel", "inference.pdiparams"], "PaddlePaddle", "paddle2onnx"),
        (["deploy.prototxt", "net.caffemodel"], "Caffe", "ONNX"),
        (["a.jpg", "b.jpg"], "without a model", "Train"),
        ([], "without a model", "model file"),
    ],
)  # fmt: skip
def test_folders(tmp_path, find, names, words, advice):
    folder = unpack(tmp_path / "mine", dict.fromkeys(names, b"x"))
    folder.mkdir(exist_ok=True)
    found = refusal(find, folder)
    assert words in str(found)
    assert advice in found.advice


def test_a_folder_with_one_model(tmp_path, find):
    folder = unpack(tmp_path / "mine", {"flowers.onnx": b"x", "labels.txt": b"rose\ntulip\n"})
    bundle = find(folder)
    assert (bundle.kind, bundle.labels, bundle.path) == ("onnx", ("rose", "tulip"), folder / "flowers.onnx")


def test_archives_that_are_none(tmp_path, find):
    good = pack(tmp_path / "good.zip", exports.teachable_machine()).read_bytes()
    for data in (b"", b"PK\x03\x04", good[:-30], b"x" * 100):
        path = tmp_path / "a.zip"
        path.write_bytes(data)
        assert find(path) is None


def test_too_many_files_are_not_listed(tmp_path, find, monkeypatch):
    monkeypatch.setattr(contents, "MAX_MEMBERS", 1)
    assert find(pack(tmp_path / "a.zip", exports.teachable_machine())) is None
    assert len(contents.unpacked(unpack(tmp_path / "mine", exports.lobe())).names) == 1


def test_a_model_that_grows_too_much(tmp_path, find, monkeypatch):
    files = exports.teachable_machine() | {"model_unquant.tflite": bytes(2_000_000)}
    path = pack(tmp_path / "a.zip", files)
    assert "far larger than weights do" in str(refusal(find, path))
    monkeypatch.setattr(contents, "MAX_UNPACKED_BYTES", 1_000)
    assert "claims to have 2.0 MB" in str(refusal(find, path))
    assert not (tmp_path / "scratch").exists()


def test_a_member_that_is_longer_than_it_claims(tmp_path, find):
    path = pack(tmp_path / "a.zip", exports.teachable_machine(), zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x01\x02"))
    size = int.from_bytes(data[place + 24 : place + 28], "little")
    data[place + 24 : place + 28] = (size - 8).to_bytes(4, "little")
    path.write_bytes(data)
    refusal(find, path)


@pytest.mark.parametrize("flag", ["encrypted", "compression"])
def test_members_that_cannot_be_read(tmp_path, find, flag):
    path = pack(tmp_path / "a.zip", exports.teachable_machine(), zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02")
    if flag == "encrypted":
        data[place + 8] |= 1
    else:
        data[place + 10] = 12  # bzip2
    path.write_bytes(data)
    words = "is encrypted" if flag == "encrypted" else "unusual way"
    assert words in str(refusal(find, path))


def test_names_in_archives_are_no_paths(tmp_path, find):
    files = {
        "../../model_unquant.tflite": exports.floating().bytes(),
        "labels.txt": exports.NUMBERED.encode(),
    }
    bundle = find(pack(tmp_path / "a.zip", files))
    assert bundle.path == tmp_path / "scratch" / "model.tflite"


def test_links_beside_a_file_are_followed_only_by_name(tmp_path, find):
    """A folder is listed without following links to other folders."""
    outside = unpack(tmp_path / "outside", {"model.onnx": b"x"})
    folder = unpack(tmp_path / "mine", {"a.txt": b"x"})
    (folder / "link").symlink_to(outside, target_is_directory=True)
    assert "without a model" in str(refusal(find, folder))


def test_cancelling(tmp_path):
    source = CancelSource()
    source.cancel()
    path = pack(tmp_path / "a.zip", exports.teachable_machine())
    with pytest.raises(Cancelled):
        opening.open_bundle(path, lambda: tmp_path, source.token)
