"""What the inspection reads of a TensorFlow Lite model, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.tflite import trace
from desktop_app.core.library.inspection.tflite.summary import inspect_tflite, store_tflite
from tests.tflite_file import Net, classifier


def refusal(net: Net, tmp_path) -> str:
    path = net.write(tmp_path / "mine.tflite")
    with pytest.raises(ModelError) as found:
        inspect_tflite(path)
    assert str(found.value).startswith("mine.tflite is refused: ")
    assert found.value.advice
    target = tmp_path / "copy.tflite"
    with pytest.raises(ModelError):
        store_tflite(path, target, NEVER)
    assert not target.exists()
    return str(found.value)


def test_an_honest_model(tmp_path):
    summary = inspect_tflite(classifier().write(tmp_path / "m.tflite"))
    assert (summary.height, summary.width, summary.channels, summary.outputs) == (8, 8, 3, 3)
    assert summary.parameters == 4 * 27 + 4 + 12 + 2  # with the axes of the mean
    assert summary.operations == 64 * 4 * 27 + 64 * 4 + 12 + 3
    assert summary.kind == "softmax"
    assert not summary.any_size
    assert "conv/kernel" in summary.names


@pytest.mark.parametrize(
    ("shape", "layout", "sides"),
    [
        ((1, 28, 20), "nhw", (28, 20, 1)),
        ((1, 784), "flat", (28, 28, 1)),
        ((1, 3072), "flat", (32, 32, 3)),
        ((1, 3, 8, 6), "nchw", (8, 6, 3)),
        ((1, 1, 8, 6), "nchw", (8, 6, 1)),
        ((1, 8, 6, 1), "nhwc", (8, 6, 1)),
        ((1, 3, 8, 3), "nhwc", (3, 8, 3)),
    ],
)
def test_layouts(tmp_path, shape, layout, sides):
    net = Net(shape)
    size = int(np.prod(shape))
    flat = net.add("RESHAPE", [0, net.constant([1, size], "int32")], (1, size))
    net.add("FULLY_CONNECTED", [flat, net.constant(np.ones((2, size))), -1], (1, 2),
            options=("FullyConnectedOptions", {}))  # fmt: skip
    summary = inspect_tflite(net.write(tmp_path / "m.tflite"))
    assert (summary.layout, (summary.height, summary.width, summary.channels)) == (layout, sides)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((4, 8, 8, 3), "fixed number of pictures: 4"),
        ((8, 8, 3), "no axis for the number of pictures"),
        ((1, 8, 8, 4), "not a picture with one or three channels"),
        ((1, 100, 1), "not a picture with one or three channels"),
        ((1, 785), "not a picture with one or three channels"),
        ((1, 5000, 8, 3), "larger than 4096 pixels"),
        ((), "not a picture with one or three channels"),
    ],
)
def test_inputs_that_are_no_pictures(tmp_path, shape, words):
    net = Net(shape)
    net.add("LOGISTIC", [0], shape)
    assert words in refusal(net, tmp_path)


def free_size() -> Net:
    net = classifier(side=1)
    net.graph.tensors[0].shapeSignature = [-1, -1, -1, 3]
    return net


def test_a_size_that_is_left_open(tmp_path):
    path, copy = free_size().write(tmp_path / "m.tflite"), tmp_path / "copy.tflite"
    summary = inspect_tflite(path)
    assert (summary.any_size, summary.height, summary.width) == (True, 224, 224)
    store_tflite(path, copy, NEVER, size=(16, 12))
    kept = inspect_tflite(copy)
    assert (kept.any_size, kept.height, kept.width) == (False, 16, 12)


@pytest.mark.parametrize(
    ("name", "shape", "kind", "tasks"),
    [
        ("LOGISTIC", (1, 3), "sigmoid", ("multi-label", "classification", "regression")),
        ("SOFTMAX", (1, 3), "softmax", ("classification",)),
        ("LOG_SOFTMAX", (1, 3), "logits", ("classification",)),
        ("RELU", (1, 3), "logits", ("embedding", "regression", "classification")),
        (None, (1, 3), "logits", ("classification", "regression", "embedding")),
    ],
)
def test_endings(tmp_path, name, shape, kind, tasks):
    net = classifier()
    del net.graph.operators[-1]
    net.graph.outputs = [net.graph.operators[-1].outputs[0]]
    options = ("SoftmaxOptions", {"beta": 1.0}) if name == "SOFTMAX" else None
    if name:
        net.add(name, [net.graph.outputs[0]], shape, options=options)
    summary = inspect_tflite(net.write(tmp_path / "m.tflite"))
    assert (summary.kind, summary.meaning.tasks) == (kind, tasks)


def scaled(*operators: tuple[str, object], **entry) -> Net:
    net = Net((1, 8, 8, 3), **entry)
    value = 0
    for name, number in operators:
        table = f"{name.title()}Options"
        value = net.add(name, [value, net.constant(np.asarray(number, np.float32))], (1, 8, 8, 3),
                        options=(table, {}), name=f"{name.lower()}_layer")  # fmt: skip
    mean = net.add("MEAN", [value, net.constant([1, 2], "int32")], (1, 3), options=("ReducerOptions", {}))
    net.add("SOFTMAX", [mean], (1, 3), options=("SoftmaxOptions", {"beta": 1.0}))
    return net


@pytest.mark.parametrize(
    ("operators", "decided", "likely"),
    [
        ([("MUL", 1 / 255)], True, "none"),
        ([("MUL", 1 / 127.5), ("ADD", -1.0)], True, "none"),
        ([("DIV", 127.5), ("SUB", 1.0)], True, "none"),
        ([("SUB", [123.7, 116.8, 103.9])], True, "none"),
        ([("SUB", [0.485, 0.456, 0.406]), ("DIV", [0.229, 0.224, 0.225])], False, "unit"),
        ([], False, None),
        ([("ADD", 0.0)], False, None),
    ],
)
def test_scaling(tmp_path, operators, decided, likely):
    scaling = inspect_tflite(scaled(*operators).write(tmp_path / "m.tflite")).scaling
    assert (scaling.decided, scaling.likely) == (decided, likely)
    assert bool(scaling.reason) == (likely is not None)


@pytest.mark.parametrize(
    ("dtype", "scale", "zero", "likely"),
    [
        ("uint8", 1 / 255, 0, "unit"),
        ("int8", 1 / 255, -128, "unit"),
        ("uint8", 1.0, 0, "none"),
        ("uint8", 1 / 128, 128, "scale=0.0078125 offset=-1.0"),
        ("uint8", 0.0186, 114, None),
    ],
)
def test_inputs_of_bytes(tmp_path, dtype, scale, zero, likely):
    from desktop_app.core.networks.pixels import affine_of

    net = Net((1, 8, 8, 3), dtype, scale=scale, zero=zero)
    value = net.add("DEQUANTIZE", [0], (1, 8, 8, 3), options=("DequantizeOptions", {}))
    mean = net.add("MEAN", [value, net.constant([1, 2], "int32")], (1, 3), options=("ReducerOptions", {}))
    net.add("SOFTMAX", [mean], (1, 3), options=("SoftmaxOptions", {"beta": 1.0}))
    scaling = inspect_tflite(net.write(tmp_path / "m.tflite")).scaling
    assert not scaling.decided
    if likely is not None:
        assert scaling.likely == likely
    affine = affine_of(scaling.likely)
    lowest = -128 if dtype == "int8" else 0
    stored = np.float32(scale)
    whole = np.round((np.arange(256) * affine.scale[0] + affine.offset[0]) / stored) + zero
    assert (np.clip(whole, lowest, lowest + 255) == np.arange(256) + lowest).all()


def test_bytes_that_become_floating_numbers_at_once(tmp_path):
    net = Net((1, 8, 8, 3), "uint8")
    value = net.add("CAST", [0], (1, 8, 8, 3), options=("CastOptions", {"inDataType": 3, "outDataType": 0}))
    mean = net.add("MEAN", [value, net.constant([1, 2], "int32")], (1, 3), options=("ReducerOptions", {}))
    net.add("SOFTMAX", [mean], (1, 3), options=("SoftmaxOptions", {"beta": 1.0}))
    scaling = inspect_tflite(net.write(tmp_path / "m.tflite")).scaling
    assert (scaling.decided, scaling.likely) == (True, "none")


def changed(change) -> Net:
    net = classifier()
    change(net)
    return net


def _set(**fields):
    def change(net):
        for name, value in fields.items():
            setattr(net.graph.operators[0].builtinOptions, name, value)

    return change


def _custom(name: bytes):
    def change(net):
        net.model.operatorCodes[0].builtinCode = net.model.operatorCodes[0].deprecatedBuiltinCode = 32
        net.model.operatorCodes[0].customCode = name

    return change


def _code(code: int):
    def change(net):
        net.model.operatorCodes[0].builtinCode = code
        net.model.operatorCodes[0].deprecatedBuiltinCode = min(code, 127)

    return change


def _tensor(index: int, **fields):
    def change(net):
        for name, value in fields.items():
            setattr(net.graph.tensors[index], name, value)

    return change


def _nan(net):
    net.model.buffers[1].data = np.full(108, np.nan, np.float32).view(np.uint8)


def _two_graphs(net):
    net.model.subgraphs.append(net.graph)


def _two_outputs(net):
    net.graph.outputs = [net.graph.outputs[0], 0]


def _loop(net):
    net.graph.operators[0].inputs[0] = net.graph.operators[0].outputs[0]


def _input_is_stored(net):
    net.graph.tensors[0].buffer = 1
    net.graph.tensors[0].shape = [1, 3, 12, 3]


def _another_options(net):
    net.graph.operators[0].builtinOptionsType = net.schema.BuiltinOptions.Pool2DOptions
    net.graph.operators[0].builtinOptions = net.schema.Pool2DOptionsT()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_custom(b"my_operator"), "custom operator 'my_operator'"),
        (_custom(b"FlexErf"), "needs TensorFlow itself for the operator 'Erf'"),
        (_code(119), "operator WHILE, which is not on Sightline's list"),
        (_code(118), "operator IF, which is not"),
        (_code(129), "operator CALL_ONCE, which is not"),
        (_code(163), "operator number 163, which is not"),
        (_set(strideW=0), "impossible stride"),
        (_set(dilationHFactor=-1), "impossible stride"),
        (_set(fusedActivationFunction=5), "option activation = 5"),
        (_set(padding=3), "option padding = 3"),
        (_set(quantizedBiasType=4), "option bias_type = 4"),
        (_another_options, "options of another operator"),
        (_tensor(1, shape=[4, 3, 3, 2]), "has 432 bytes where 288 are needed"),
        (_tensor(1, shape=[4, 3, 3, -3]), "damaged or incomplete"),
        (_tensor(1, isVariable=True), "remembers something from picture to picture"),
        (_tensor(1, type=17), "holds 4-bit numbers"),
        (_tensor(3, type=5), "holds texts"),
        (_tensor(1, buffer=99), "damaged or incomplete"),
        (_nan, "hold numbers that are none"),
        (_two_graphs, "holds 2 networks"),
        (_two_outputs, "has 2 outputs"),
        (_loop, "used before it is computed"),
        (_input_is_stored, "in the file already"),
        (lambda net: setattr(net.model, "version", 2), "version 2 of the format"),
        (lambda net: net.graph.operators.append(net.graph.operators[0]), "computed twice"),
    ],
)
def test_refusals(tmp_path, change, words):
    assert words in refusal(changed(change), tmp_path)


def test_bytes_without_a_scale(tmp_path):
    net = Net((1, 8, 8, 3), "uint8")
    net.add("LOGISTIC", [0], (1, 8, 8, 3), "uint8", scale=1 / 256, zero=0)
    net.row()
    assert "does not say what its 8-bit numbers stand for" in refusal(net, tmp_path)


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf")])
def test_scales_that_are_none(tmp_path, scale):
    net = Net((1, 8, 8, 3), "uint8", scale=scale)
    net.add("LOGISTIC", [0], (1, 8, 8, 3), "uint8", scale=1 / 256, zero=0)
    assert "scales that are no positive numbers" in refusal(net, tmp_path)


def test_nearest_neighbours_that_openvino_computes_in_another_way(tmp_path):
    net = Net((1, 7, 6, 3))
    sides = net.constant([9, 13], "int32")
    net.add("RESIZE_NEAREST_NEIGHBOR", [0, sides], (1, 9, 13, 3),
            options=("ResizeNearestNeighborOptions", {"halfPixelCenters": True}))  # fmt: skip
    net.row()
    assert "aligns the centres of pixels" in refusal(net, tmp_path)


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MAX_TENSOR_ELEMENTS", 200, "would need too much memory"),
        ("MAX_RESULT_BYTES", 1_000, "need too much memory together"),
        ("MAX_OPERATIONS", 1_000, "takes too much computing"),
        ("MAX_PARAMETERS", 100, "too many weights"),
    ],
)
def test_limits(tmp_path, monkeypatch, limit, value, words):
    path = classifier().write(tmp_path / "m.tflite")
    inspect_tflite(path)
    monkeypatch.setattr(trace, limit, value)
    with pytest.raises(ModelError, match=words):
        inspect_tflite(path)


def test_the_memory_is_that_of_the_worst_step(tmp_path, monkeypatch):
    """The picture and the convolution's result, 8 * 8 * (3 + 4) numbers of four bytes."""
    path = classifier().write(tmp_path / "m.tflite")
    monkeypatch.setattr(trace, "MAX_RESULT_BYTES", 64 * 7 * 4)
    inspect_tflite(path)
    monkeypatch.setattr(trace, "MAX_RESULT_BYTES", 64 * 7 * 4 - 1)
    with pytest.raises(ModelError, match="together"):
        inspect_tflite(path)


def test_an_activation_that_openvino_passes_over_is_refused(tmp_path):
    """It computes a transposed convolution as if there were no ReLU in the operator."""
    net = Net((1, 8, 8, 3))
    inputs = [net.constant([1, 16, 16, 3], "int32"), net.constant(np.ones((3, 1, 1, 3))), 0]
    options = {"strideW": 2, "strideH": 2, "fusedActivationFunction": 1}
    net.add("TRANSPOSE_CONV", inputs, (1, 16, 16, 3), options=("TransposeConvOptions", options))
    assert "operator TRANSPOSE_CONV has the option activation = 1" in refusal(net, tmp_path)
