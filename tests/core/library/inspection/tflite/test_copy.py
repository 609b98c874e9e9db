"""The stored copy: what is left out, and that it is the same network."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import NEVER, Cancelled, CancelSource
from desktop_app.core.library.inspection.tflite.summary import inspect_tflite, store_tflite
from tests.core.library.inspection.tflite.interpreter import interpreted
from tests.tflite_file import Net, classifier, schema


def described(net: Net) -> Net:
    """Put in everything that a file may have beside its network."""
    names = schema()
    net.model.description = b"MARKER description"
    net.graph.name = b"MARKER graph"
    net.model.buffers.append(names.BufferT())
    net.model.buffers[-1].data = np.frombuffer(b"MARKER metadata", np.uint8)
    entry = names.MetadataT()
    entry.name, entry.buffer = b"MARKER_ENTRY", len(net.model.buffers) - 1
    net.model.metadata, net.model.metadataBuffer = [entry], [len(net.model.buffers) - 1]
    signature = names.SignatureDefT()
    signature.signatureKey, signature.inputs, signature.outputs = b"MARKER signature", [], []
    net.model.signatureDefs = [signature]
    net.tensor((3,), data=np.frombuffer(b"MARKER never", np.float32), name="MARKER tensor")
    net.operator("LOGISTIC", [0], [net.tensor((1, 8, 8, 3), name="MARKER result")])
    return net


def test_only_the_network_is_kept(tmp_path):
    path, copy = tmp_path / "m.tflite", tmp_path / "copy.tflite"
    net = described(classifier())
    path.write_bytes(net.bytes() + b"MARKER behind it")
    assert path.read_bytes().count(b"MARKER") == 9
    store_tflite(path, copy, NEVER)
    assert b"MARKER" not in copy.read_bytes()
    pixels = np.random.default_rng(0).uniform(0, 1, (1, 8, 8, 3)).astype(np.float32)
    assert (interpreted(path, pixels) == interpreted(copy, pixels)).all()


def test_the_schema_of_tensorflow_reads_it(tmp_path):
    copy = tmp_path / "copy.tflite"
    store_tflite(described(classifier()).write(tmp_path / "m.tflite"), copy, NEVER)
    model = schema().ModelT.InitFromPackedBuf(copy.read_bytes(), 0)
    (graph,) = model.subgraphs
    assert model.version == 3
    assert model.signatureDefs is None
    assert [list(graph.tensors[index].shape) for index in (graph.inputs[0], graph.outputs[0])] == [
        [1, 8, 8, 3],
        [1, 3],
    ]
    assert len(graph.operators) == 4
    assert sum(buffer.data is not None for buffer in model.buffers) == 4
    # TensorFlow Lite wants arrays at multiples of 16.
    data = copy.read_bytes()
    for buffer in model.buffers[1:]:
        assert data.rindex(np.asarray(buffer.data, np.uint8).tobytes()) % 16 == 0


def test_shapes_that_are_computed_become_numbers(tmp_path):
    """As the converter writes a Flatten for any number of pictures."""
    net = Net((1, 4, 4, 3), signature=(-1, 4, 4, 3))
    shape = net.add("SHAPE", [0], (4,), "int32", options=("ShapeOptions", {"outType": 2}))
    first, last, step = (net.constant([value], "int32") for value in (0, 1, 1))
    batch = net.add(
        "STRIDED_SLICE", [shape, first, last, step], (), "int32",
        options=("StridedSliceOptions", {"shrinkAxisMask": 1}),
    )  # fmt: skip
    rest = net.constant(48, "int32")
    packed = net.add("PACK", [batch, rest], (2,), "int32", options=("PackOptions", {"valuesCount": 2}))
    flat = net.add("RESHAPE", [0, packed], (1, 48))
    weights = net.constant(np.random.default_rng(1).normal(size=(3, 48)))
    net.add("FULLY_CONNECTED", [flat, weights, -1], (1, 3), options=("FullyConnectedOptions", {}))
    path, copy = net.write(tmp_path / "m.tflite"), tmp_path / "copy.tflite"
    store_tflite(path, copy, NEVER)
    assert len(schema().ModelT.InitFromPackedBuf(copy.read_bytes(), 0).subgraphs[0].operators) == 2
    pixels = np.random.default_rng(0).uniform(0, 1, (1, 4, 4, 3)).astype(np.float32)
    assert (interpreted(path, pixels) == interpreted(copy, pixels)).all()


def test_bytes_that_become_floating_numbers(tmp_path):
    net = Net((1, 8, 8, 3), "uint8")
    value = net.add("CAST", [0], (1, 8, 8, 3), options=("CastOptions", {"inDataType": 3, "outDataType": 0}))
    small = net.add("MUL", [value, net.constant(1 / 255)], (1, 8, 8, 3), options=("MulOptions", {}))
    mean = net.add("MEAN", [small, net.constant([1, 2], "int32")], (1, 3), options=("ReducerOptions", {}))
    net.add("SOFTMAX", [mean], (1, 3), options=("SoftmaxOptions", {"beta": 1.0}))
    path, copy = net.write(tmp_path / "m.tflite"), tmp_path / "copy.tflite"
    store_tflite(path, copy, NEVER)
    pixels = np.random.default_rng(0).integers(0, 256, (1, 8, 8, 3), dtype=np.uint8)
    assert (interpreted(path, pixels) == interpreted(copy, pixels.astype(np.float32))).all()


@pytest.mark.parametrize("shape", [(1, 1, 1, 5), (1, 5, 1), (5,)])
def test_the_output_becomes_a_row(tmp_path, shape):
    net = Net((1, 8, 8, 3))
    weights = net.constant(np.random.default_rng(1).normal(size=(5, 192)))
    flat = net.add("RESHAPE", [0, net.constant([1, 192], "int32")], (1, 192))
    row = net.add("FULLY_CONNECTED", [flat, weights, -1], (1, 5), options=("FullyConnectedOptions", {}))
    net.add("RESHAPE", [row, net.constant(shape, "int32")], shape)
    path, copy = net.write(tmp_path / "m.tflite"), tmp_path / "copy.tflite"
    assert inspect_tflite(path).outputs == 5
    store_tflite(path, copy, NEVER)
    pixels = np.random.default_rng(0).uniform(0, 1, (1, 8, 8, 3)).astype(np.float32)
    assert interpreted(copy, pixels).shape == (1, 5)
    assert (interpreted(path, pixels).reshape(-1) == interpreted(copy, pixels)[0]).all()


def test_cancelling(tmp_path):
    source = CancelSource()
    source.cancel()
    path = classifier().write(tmp_path / "m.tflite")
    with pytest.raises(Cancelled):
        store_tflite(path, tmp_path / "copy.tflite", source.token)
