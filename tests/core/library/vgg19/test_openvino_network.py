from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.engine.compiled import CompiledNetwork, NotFinite
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.vgg19 import layout, network, openvino_network
from desktop_app.core.library.vgg19.network import load_vgg19
from desktop_app.core.library.vgg19.openvino_network import vgg19_for_openvino
from desktop_app.core.networks.preprocessing import preprocess
from tests.core.library.small_vgg19 import write_small
from tests.small_backbone import NARROW

PICTURES = np.random.default_rng(5).integers(0, 256, (2, 224, 224, 3), dtype=np.uint8)
CLASSES = 7


@pytest.fixture
def narrow(monkeypatch):
    """Make VGG19 narrow enough for files of few kilobytes, for both engines."""
    for module in (layout, network, openvino_network):
        monkeypatch.setattr(module, "BLOCKS", NARROW)
    for module in (layout, network):
        monkeypatch.setattr(module, "DENSE_UNITS", 6)
        monkeypatch.setattr(module, "CLASS_COUNT", CLASSES)


@pytest.fixture
def weights(narrow, tmp_path):
    return write(tmp_path / "weights.h5")


def write(path, damage=None, dtype="f4"):
    """Write seeded random weights of the narrow network."""
    shapes = layout.kernel_shapes()

    def fill(file):
        random = np.random.default_rng(3)
        for layer, shape in shapes.items():
            # Probabilities that differ, none of them 0 or 1.
            scale = np.sqrt(2 / np.prod(shape[:-1])) / (100 if layer == "predictions" else 1)
            file[layer]["W:0"][...] = random.normal(0, scale, shape)
            file[layer]["b:0"][...] = random.normal(0, 0.1, shape[-1:])
        if damage is not None:
            damage(file)

    return write_small(path, shapes, fill, dtype)


def keras_answer(path, pictures=PICTURES):
    return np.asarray(load_vgg19(path)(preprocess(pictures, "vgg19", 3)))


@pytest.mark.engine
def test_answers_as_keras_does(engine, vgg19_weights):
    network = CompiledNetwork(vgg19_for_openvino(vgg19_weights))
    (found,) = network.run(PICTURES)
    assert found.shape == (2, 1000)
    assert found.max() > 0.01
    assert abs(found - keras_answer(vgg19_weights)).max() < 1e-4


@pytest.mark.engine
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_both_ways_of_building_answer_as_keras_does(engine, weights, precision):
    """In bfloat16 OpenVINO has copies of the dense kernels; here that graph is computed in float32."""
    network = CompiledNetwork(vgg19_for_openvino(weights, precision), "float32")
    (found,) = network.run(PICTURES)
    assert 0.01 < np.ptp(found) < 0.9
    assert abs(found - keras_answer(weights)).max() < 1e-5


@pytest.mark.engine
def test_either_byte_order_in_the_file_counts_the_same(engine, narrow, tmp_path):
    little, big = write(tmp_path / "little.h5"), write(tmp_path / "big.h5", dtype=">f4")
    found, wanted = (CompiledNetwork(vgg19_for_openvino(path)).run(PICTURES)[0] for path in (big, little))
    assert (found == wanted).all()
    assert abs(keras_answer(big) - wanted).max() < 1e-5


@pytest.mark.parametrize("threads", [1, 3])
def test_the_number_of_threads_does_not_change_an_answer(weights, threads):
    found, wanted = (
        CompiledNetwork(vgg19_for_openvino(weights), "float32", count).run(PICTURES)[0]
        for count in (threads, 2)
    )
    assert (found == wanted).all()


def test_the_second_answer_is_the_first(weights):
    network = CompiledNetwork(vgg19_for_openvino(weights))
    first = network.run(PICTURES)[0]
    assert (network.run(PICTURES)[0] == first).all()
    assert (network.run(PICTURES[1:])[0] == first[1:]).all()


@pytest.mark.parametrize("layer", ["block5_conv4", "fc1", "predictions"])
@pytest.mark.parametrize("part", ["W:0", "b:0"])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_weights_that_are_no_numbers_are_refused(narrow, tmp_path, layer, part, precision):
    def damage(file):
        dataset = file[layer][part]
        dataset[(-1,) * dataset.ndim] = np.nan

    path = write(tmp_path / "weights.h5", damage)
    with pytest.raises(NotFinite, match="numbers that are none"):
        CompiledNetwork(vgg19_for_openvino(path, precision))


def test_replaced_weights_answer_at_once(weights, tmp_path):
    network = CompiledNetwork(vgg19_for_openvino(weights))
    before = network.run(PICTURES)[0]

    best = int(before[0].argmax())

    def lower(file):
        file["predictions"]["b:0"][best] -= 100

    write(tmp_path / "new.h5", lower).replace(weights)
    after = CompiledNetwork(vgg19_for_openvino(weights)).run(PICTURES)[0]
    assert after[0, best] < 1e-6
    assert (network.run(PICTURES)[0] == before).all()


def test_weights_that_are_written_over_give_no_answer(weights):
    network = CompiledNetwork(vgg19_for_openvino(weights))
    network.run(PICTURES)
    write(weights)
    with pytest.raises(ModelError, match="changed while they were in use"):
        network.run(PICTURES)


@pytest.mark.parametrize("storage", [{"chunks": True}, {"chunks": True, "compression": "gzip"}])
def test_weights_that_lie_in_pieces_are_read(narrow, tmp_path, storage):
    def in_pieces(file):
        kernel = file["fc1"]["W:0"][()]
        del file["fc1"]["W:0"]
        file["fc1"].create_dataset("W:0", data=kernel, **storage)

    plain, other = write(tmp_path / "plain.h5"), write(tmp_path / "pieces.h5", in_pieces)
    found, wanted = (CompiledNetwork(vgg19_for_openvino(path)).run(PICTURES)[0] for path in (other, plain))
    assert (found == wanted).all()


@pytest.mark.parametrize("flaw", ["no HDF5", "missing layer", "wrong shape", "wrong type", "no names"])
def test_other_files_are_refused(narrow, tmp_path, flaw):
    def damage(file):
        if flaw == "missing layer":
            del file["fc1"]
        elif flaw == "no names":
            del file["fc1"].attrs["weight_names"]
        else:
            del file["fc1"]["W:0"]
            shape = layout.kernel_shapes()["fc1"]
            kind = "f8" if flaw == "wrong type" else "f4"
            file["fc1"]["W:0"] = np.zeros(shape if flaw == "wrong type" else shape[::-1], kind)

    path = write(tmp_path / "weights.h5", damage)
    if flaw == "no HDF5":
        path.write_bytes(b"not HDF5 at all")
    with pytest.raises(ModelError, match=r"cannot be read|the layer fc1 is missing or another"):
        vgg19_for_openvino(path)
