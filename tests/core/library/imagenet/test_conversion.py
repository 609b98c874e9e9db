"""The networks of the box: their shapes, their conversion, and that they answer as the published ones."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.imagenet import conversion
from desktop_app.core.library.imagenet.conversion import convert
from desktop_app.core.library.imagenet.published import BETTER, CLASS_COUNT, NETWORKS, SMALL
from desktop_app.core.library.store import Library
from desktop_app.core.networks.efficientnet_lite import blocks, layer_shapes
from tests.core.library.imagenet.pictures import made_pictures

REFERENCE = Path(__file__).parent / "reference.json"
"""Class and probability of the five best answers to the made pictures, by torch 2.15 and the package
efficientnet_lite_pytorch 0.1.0."""

each = pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.model_id)


@each
def test_the_number_of_parameters(network):
    shapes = layer_shapes(network.variant, CLASS_COUNT)
    assert network.parameters == sum(int(np.prod(shape)) for pair in shapes.values() for shape in pair)


def test_the_larger_one_is_deeper_and_wider():
    small, better = blocks(SMALL.variant), blocks(BETTER.variant)
    assert (len(small), len(better)) == (16, 21)
    assert [block.outputs for block in better][-1] == 352
    assert all(block.inputs == before.outputs for before, block in itertools.pairwise(better))


@each
def test_another_file_is_refused_before_it_is_read(network, tmp_path, monkeypatch):
    monkeypatch.setattr(conversion, "read_tensors", lambda _data: pytest.fail("it was read"))
    (tmp_path / "weights.pth").write_bytes(b"something else")
    with pytest.raises(ModelError, match="SHA-256") as error:
        convert(network, tmp_path / "weights.pth", tmp_path / "weights.h5")
    assert network.package in error.value.advice
    assert not (tmp_path / "weights.h5").exists()


def test_missing_tensors_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(conversion, "read_tensors", lambda _data: {})
    source = SMALL.file_with_weights()
    with pytest.raises(ModelError, match="lack '_bn0"):
        convert(SMALL, source, tmp_path / "weights.h5")


@each
def test_the_file_has_every_layer_and_is_the_same_each_time(network, tmp_path):
    for name in ("a.h5", "b.h5"):
        convert(network, network.file_with_weights(), tmp_path / name)
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()
    with h5py.File(tmp_path / "a.h5") as file:
        found = {name: (group["kernel"].shape, group["bias"].shape) for name, group in file.items()}
    assert found == layer_shapes(network.variant, CLASS_COUNT)


def test_without_the_package_there_are_no_weights():
    assert replace(SMALL, module="no_such_module_here").file_with_weights() is None
    assert replace(SMALL, file="other.pth").file_with_weights() is None


@pytest.mark.engine
@each
def test_it_answers_as_the_published_network(network):
    import tensorflow as tf

    from desktop_app.core.library.imagenet.network import load_lite
    from desktop_app.core.networks.preprocessing import preprocess

    reference = json.loads(REFERENCE.read_text())[network.variant.name]
    model = load_lite(network.variant, Library.default().get(network.model_id).weights)
    pictures = made_pictures(network.variant.size)
    answers = np.concatenate(
        [
            model(preprocess(tf.constant(pictures[start : start + 20]), "efficientnet-lite", 3)).numpy()
            for start in range(0, len(pictures), 20)
        ]
    )
    assert answers.shape == (len(reference), CLASS_COUNT)
    for row, expected in zip(answers, reference, strict=True):
        for index, probability in expected:
            assert row[index] == pytest.approx(probability, abs=1e-4)
        # The five numbers are the best ones there too, where they differ by more than the tolerance.
        assert sorted(row)[-5] == pytest.approx(expected[-1][1], abs=1e-4)
