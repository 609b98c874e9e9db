from __future__ import annotations

import csv

import numpy as np
import pytest

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.card import ClassLabel, ModelCard
from desktop_app.core.library.vgg19.layout import kernel_shapes
from desktop_app.core.library.vgg19.network import load_vgg19
from desktop_app.core.networks.input_spec import InputSpec
from tests.vgg19_file import SHAPES

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def card():
    with (paths.resources() / "imagenet_labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return ModelCard(
        id="vgg19",
        name="VGG19",
        architecture="vgg19",
        origin="downloaded",
        weights_file="w.h5",
        weights_sha256="0" * 64,
        classes=[ClassLabel(class_id=row["synset"], label=row["name"]) for row in rows],
        input=InputSpec(height=224, width=224, preprocessing="vgg19"),
    )


@pytest.fixture(scope="module")
def network(vgg19_weights):
    return load_vgg19(vgg19_weights)


def test_has_the_layers_that_the_library_checks(network):
    kernels = {layer.name: tuple(layer.kernel.shape) for layer in network.layers if hasattr(layer, "kernel")}
    assert kernels == kernel_shapes()


def test_has_the_published_number_of_parameters(network):
    assert network.count_params() == 143_667_240


def test_answers_as_keras_applications_does(network, card, vgg19_weights, monkeypatch):
    import keras

    pictures = np.random.default_rng(5).integers(0, 256, (3, 224, 224, 3), dtype=np.uint8)
    reference = keras.applications.VGG19(weights=str(vgg19_weights))
    inputs = keras.applications.vgg19.preprocess_input(pictures.astype(np.float32))
    outputs = reference.predict(inputs, verbose=0)
    # decode_predictions reads this file; giving it ours keeps the test offline.
    index = {str(i): [entry.class_id, entry.label] for i, entry in enumerate(card.classes)}
    monkeypatch.setattr("keras.src.applications.imagenet_utils.CLASS_INDEX", index)
    expected = keras.applications.vgg19.decode_predictions(outputs, top=5)

    classifier = Classifier.of_keras(card, network, "CPU")
    classifier.warm_up()
    together = classifier.predict(list(pictures))
    alone = [classifier.predict([picture])[0] for picture in pictures]
    for answers in (together, alone):
        for answer, wanted in zip(answers, expected, strict=True):
            assert [(entry.class_id, entry.label) for entry in answer.labels] == [row[:2] for row in wanted]
            assert [entry.probability for entry in answer.labels] == pytest.approx(
                [row[2] for row in wanted], abs=1e-5
            )


def test_a_file_that_is_not_hdf5_is_refused(tmp_path):
    path = tmp_path / "weights.h5"
    path.write_bytes(b"not HDF5 at all")
    with pytest.raises(ModelError, match=r"weights\.h5 cannot be read"):
        load_vgg19(path)


@pytest.mark.parametrize("flaw", ["missing layer", "wrong shape", "no names"])
def test_a_file_of_another_layout_is_refused(tmp_path, flaw):
    import h5py

    path = tmp_path / "weights.h5"
    with h5py.File(path, "w") as file:
        if flaw != "missing layer":
            group = file.create_group("block1_conv1")
            group["kernel"] = np.zeros((3, 3, 3, 8) if flaw == "wrong shape" else SHAPES["block1_conv1"])
            group["bias"] = np.zeros(64)
            if flaw != "no names":
                group.attrs["weight_names"] = [b"kernel", b"bias"]
    with pytest.raises(ModelError, match="the layer block1_conv1"):
        load_vgg19(path)
