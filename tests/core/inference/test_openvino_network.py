from __future__ import annotations

import sys

import numpy as np
import pytest

from desktop_app.core.engine.compiled import CompiledNetwork
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.inference import openvino_network
from desktop_app.core.inference.openvino_network import OpenVinoNetwork
from desktop_app.core.networks.opset import OpsetGraph

PICTURES = np.random.default_rng(0).integers(0, 256, (3, 4, 4, 3), dtype=np.uint8)


def model():
    graph = OpsetGraph()
    pixels = graph.pictures(4, 4)
    means = graph.channel_means(graph.channels_first(graph.prepared(pixels, "unit")))
    return graph.model(pixels, [graph.softmax(means), means], "test")


def test_outputs_and_features_come_in_order():
    network = OpenVinoNetwork("Colours", model(), "softmax", reason="A reason.")
    outputs, features = network.run(PICTURES)
    assert features == pytest.approx(PICTURES.mean(axis=(1, 2)) / 255, abs=1e-6)
    assert outputs.sum(axis=1) == pytest.approx(1, abs=1e-6)
    assert (network.outputs, network.kind, network.at_once) == (3, "softmax", sys.maxsize)
    assert network.by.words == "OpenVINO, float32"
    assert network.by.reason == "A reason."
    assert network.by.device.startswith("CPU (")


def test_a_failure_is_a_sentence_with_the_model_s_name(monkeypatch):
    def fail(*_arguments):
        raise ModelError("OpenVINO failed: The node is odd.")

    network = OpenVinoNetwork("Colours", model(), "softmax")
    monkeypatch.setattr(CompiledNetwork, "run", fail)
    with pytest.raises(
        ModelError, match=r"^Colours cannot classify pictures: OpenVINO failed: The node is odd\.$"
    ) as error:
        network.run(PICTURES)
    assert "engine TensorFlow" in error.value.advice


def test_too_little_memory_is_a_sentence(monkeypatch):
    def fail(*_arguments):
        raise MemoryError

    network = OpenVinoNetwork("Colours", model(), "softmax")
    monkeypatch.setattr(CompiledNetwork, "run", fail)
    with pytest.raises(ModelError, match="not enough memory to run Colours on CPU"):
        network.run(PICTURES)
    monkeypatch.setattr(openvino_network, "CompiledNetwork", fail)
    with pytest.raises(ModelError, match="not enough memory to run Colours on CPU"):
        OpenVinoNetwork("Colours", model(), "softmax")
