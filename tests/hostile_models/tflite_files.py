"""TensorFlow Lite files that look as if they tried to run code, reach other files or exhaust the machine.

They are as harmless as the others: `tests.hostile_models` says why. Offsets that lead outside are tried in
memory alone (``test_flatbuffer.py``): programs that do not check them would be led astray by such a file.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from tests.hostile_models.cases import NO_FILE, NOWHERE
from tests.tflite_file import Net, classifier, schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TFLITE_CASES: dict[str, Callable[[Path], None]] = {}
SHAPE = (1, 8, 8, 3)


def case(change: Callable[[Net], Net | None]) -> Callable[[Net], Net | None]:
    """Register a case under its function's name: a change of the honest network, or another one."""

    def write(path: Path) -> None:
        net = classifier()
        (change(net) or net).write(path)

    TFLITE_CASES[change.__name__] = write
    return change


def _kind(net: Net, code: int, custom: bytes | None = None, index: int = 0) -> None:
    kind = net.model.operatorCodes[index]
    kind.builtinCode, kind.deprecatedBuiltinCode, kind.customCode = code, min(code, 127), custom


def _only(name: str, inputs: Callable[[Net], list[int]], shape, options=None) -> Net:
    """A network of one operator on the picture, and a row behind it."""
    net = Net(SHAPE)
    net.add(name, inputs(net), shape, options=options)
    net.row()
    return net


@case
def custom_operator(net):
    _kind(net, 32, f"{NOWHERE}.run".encode())


@case
def custom_operator_under_a_known_number(net):
    _kind(net, 3, f"{NOWHERE}.run".encode())


@case
def operator_of_tensorflow_itself(net):
    _kind(net, 32, b"FlexReadFile")


@case
def python_function(net):
    _kind(net, 32, b"FlexPyFunc")


@case
def custom_options(net):
    net.graph.operators[0].customOptions = list(NO_FILE.encode())


@case
def endless_loop(net):
    net.model.subgraphs.append(net.graph)
    _kind(net, 119)


@case
def loop_operator_alone(net):
    _kind(net, 119)


@case
def condition(net):
    _kind(net, 118)


@case
def call_of_another_network(net):
    _kind(net, 129)


@case
def table_of_texts(net):
    _kind(net, 136)


@case
def variable_operator(net):
    _kind(net, 142)


@case
def variable_tensor(net):
    net.graph.tensors[1].isVariable = True


@case
def stablehlo_call(net):
    _kind(net, 172)


@case
def unknown_operator(net):
    _kind(net, 250)


@case
def unused_custom_operator(net):
    kind = schema().OperatorCodeT()
    kind.builtinCode = kind.deprecatedBuiltinCode = 32
    kind.customCode = f"{NOWHERE}.run".encode()
    net.model.operatorCodes.append(kind)


@case
def numbers_outside_the_structure(net):
    net.model.buffers[1].offset, net.model.buffers[1].size = 8, 4


@case
def several_networks(net):
    net.model.subgraphs.append(net.graph)


@case
def no_network(net):
    net.model.subgraphs = []


@case
def two_inputs(net):
    net.graph.inputs = [0, net.tensor(SHAPE)]


@case
def texts(net):
    net.graph.tensors[1].type = 5


@case
def four_bit_numbers(net):
    net.graph.tensors[1].type = 17


@case
def sparse_weights(net):
    net.graph.tensors[1].sparsity = schema().SparsityParametersT()


@case
def weights_too_few(net):
    net.model.buffers[1].data = net.model.buffers[1].data[:-4]


@case
def weights_too_many(net):
    net.model.buffers[1].data = np.append(net.model.buffers[1].data, np.zeros(4, np.uint8))


@case
def weights_that_are_no_numbers(net):
    net.model.buffers[1].data = np.full(108, np.inf, np.float32).view(np.uint8)


@case
def scale_of_nothing(net):
    net.graph.tensors[0].type = 3
    net.graph.tensors[0].quantization = schema().QuantizationParametersT()
    net.graph.tensors[0].quantization.scale = [0.0]
    net.graph.tensors[0].quantization.zeroPoint = [0]


@case
def zero_point_far_away(net):
    net.graph.tensors[0].type = 3
    net.graph.tensors[0].quantization = schema().QuantizationParametersT()
    net.graph.tensors[0].quantization.scale = [1.0]
    net.graph.tensors[0].quantization.zeroPoint = [2**40]


@case
def negative_shape(net):
    net.graph.tensors[1].shape = [-4, 3, 3, 3]


@case
def many_axes(net):
    net.graph.tensors[1].shape = [1] * 30


@case
def operator_that_needs_itself(net):
    net.graph.operators[0].inputs = list(net.graph.operators[0].outputs) * 3


@case
def result_computed_twice(net):
    net.graph.operators.insert(1, net.graph.operators[0])


@case
def result_in_place_of_the_picture(net):
    net.graph.operators[0].outputs = [0]


@case
def result_in_place_of_weights(net):
    net.graph.operators[0].outputs = [1]


@case
def output_that_nothing_gives(net):
    net.graph.outputs = [net.tensor((1, 3))]


@case
def answer_without_the_picture(_net):
    net = Net(SHAPE)
    net.add("SOFTMAX", [net.constant(np.ones((1, 3)))], (1, 3), options=("SoftmaxOptions", {"beta": 1.0}))
    return net


@case
def options_of_another_operator(net):
    net.graph.operators[0].builtinOptionsType = schema().BuiltinOptions.LSTMOptions
    net.graph.operators[0].builtinOptions = schema().LSTMOptionsT()


@case
def stride_of_nothing(net):
    net.graph.operators[0].builtinOptions.strideH = 0


@case
def wide_dilation(net):
    net.graph.operators[0].builtinOptions.dilationWFactor = 2**30


@case
def too_many_operators(net):
    value = net.graph.outputs[0]
    for _ in range(80):
        value = net.add("RELU", [value], (1, 3))


@case
def too_many_weights(_net):
    net = Net(SHAPE)
    flat = net.add("RESHAPE", [0, net.constant([1, 192], "int32")], (1, 192))
    weights = net.constant(np.ones((200, 192)))
    net.add("FULLY_CONNECTED", [flat, weights, -1], (1, 200), options=("FullyConnectedOptions", {}))
    return net


@case
def wide_resize(_net):
    return _only(
        "RESIZE_BILINEAR",
        lambda n: [0, n.constant([256, 256], "int32")],
        (1, 256, 256, 3),
        ("ResizeBilinearOptions", {}),
    )


@case
def wide_border(_net):
    border = np.array([[0, 0], [100, 100], [100, 100], [0, 0]])
    return _only("PAD", lambda n: [0, n.constant(border, "int32")], (1, 208, 208, 3), ("PadOptions", {}))


@case
def border_beyond_all_numbers(_net):
    border = np.array([[0, 0], [2**40, 0], [0, 0], [0, 0]])
    return _only("PAD", lambda n: [0, n.constant(border, "int64")], (1, 208, 208, 3), ("PadOptions", {}))


@case
def negative_border(_net):
    border = np.array([[0, 0], [-1, 0], [0, 0], [0, 0]])
    return _only("PAD", lambda n: [0, n.constant(border, "int32")], (1, 7, 8, 3), ("PadOptions", {}))


@case
def wide_sum(_net):
    return _only(
        "ADD", lambda n: [0, n.constant(np.ones((200, 1, 1, 1)))], (200, 8, 8, 3), ("AddOptions", {})
    )


@case
def wide_convolution(_net):
    options = ("Conv2DOptions", {"strideW": 1, "strideH": 1})
    return _only("CONV_2D", lambda n: [0, n.constant(np.ones((600, 1, 1, 3)))], (1, 8, 8, 600), options)


@case
def wide_enlargement(_net):
    options = ("TransposeConvOptions", {"strideW": 16, "strideH": 16})
    return _only(
        "TRANSPOSE_CONV",
        lambda n: [n.constant([1, 128, 128, 3], "int32"), n.constant(np.ones((3, 1, 1, 3))), 0],
        (1, 128, 128, 3),
        options,
    )


@case
def long_computing(_net):
    net = Net(SHAPE)
    kernel = net.constant(np.ones((3, 25, 25, 3)))
    options = ("Conv2DOptions", {"strideW": 1, "strideH": 1})
    value = 0
    for _ in range(12):
        value = net.add("CONV_2D", [value, kernel], SHAPE, options=options)
    net.row()
    return net


@case
def results_that_are_needed_together(_net):
    net = Net(SHAPE)
    values = [net.add("RELU", [0], SHAPE) for _ in range(45)]
    net.add("CONCATENATION", values, (1, 8, 8, 135), options=("ConcatenationOptions", {"axis": 3}))
    net.row()
    return net


@case
def shape_that_overflows(_net):
    net = Net(SHAPE)
    net.add("RESHAPE", [0, net.constant([2**40, 2**40, -1], "int64")], (1, 192))
    return net


@case
def slice_outside(_net):
    return _only(
        "SLICE",
        lambda n: [0, n.constant([0, 7, 0, 0], "int32"), n.constant([1, 8, 8, 3], "int32")],
        SHAPE,
        ("SliceOptions", {}),
    )


@case
def places_that_are_not_there(_net):
    return _only(
        "GATHER", lambda n: [0, n.constant([5], "int32")], (1, 8, 8, 1), ("GatherOptions", {"axis": 3})
    )


@case
def large_picture(_net):
    net = Net((1, 5000, 2, 3))
    net.add("RELU", [0], (1, 5000, 2, 3))
    net.row()
    return net


@case
def many_outputs(_net):
    net = Net(SHAPE)
    net.add("RELU", [0], SHAPE)
    return net


def _file(name: str, data: Callable[[], bytes]) -> None:
    TFLITE_CASES[name] = lambda path: path.write_bytes(data())  # type: ignore[assignment,return-value]


def _zip(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, b"x")
    return content.getvalue()


_file("truncated", lambda: classifier().bytes()[:-500])
_file("identifier_alone", lambda: b"\x1c\x00\x00\x00TFL3" + bytes(24))
_file("empty", lambda: b"")
_file("another_identifier", lambda: classifier().bytes().replace(b"TFL3", b"TFL2", 1))
_file("archive_named_tflite", lambda: _zip("../beside.txt"))
_file("pickle_named_tflite", lambda: b"\x80\x02" + bytes(50))


def write_honest(path: Path) -> Path:
    """One that is taken, and small enough for all low limits."""
    return classifier().write(path)
