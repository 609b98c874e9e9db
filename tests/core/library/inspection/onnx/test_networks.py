"""Networks as exporters write them: shapes worked out on the way, bytes, sequences."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.onnx.summary import inspect_onnx
from tests.core.library.inspection.onnx.making import both, file_of, node

RANDOM = np.random.default_rng(2)


def i64(*numbers):
    return np.array(numbers, np.int64)


def compare(path, folder):
    found, expected = both(path, folder)
    assert found.shape == expected.shape
    assert np.ptp(expected) > 0
    assert found == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("opset", [11, 13, 18])
def test_a_reshape_as_pytorch_writes_view(tmp_path, opset):
    """The number of pictures comes from the picture itself."""
    axis = [] if opset < 13 else ["axis"]
    nodes = [
        node("Shape", ["x"], ["s"]),
        node("Gather", ["s", "zero"], ["n"], axis=0),
        node("Unsqueeze", ["n"], ["n1"], axes=[0])
        if opset < 13
        else node("Unsqueeze", ["n", "axis"], ["n1"]),
        node("Concat", ["n1", "rest"], ["shape"], axis=0),
        node("Reshape", ["x", "shape"], ["y"]),
    ]
    weights = {"zero": np.array(0), "rest": i64(-1)} | dict.fromkeys(axis, i64(0))
    compare(file_of(tmp_path / "m.onnx", nodes, weights, opset=opset), tmp_path)


def test_a_rim_worked_out_with_floats(tmp_path):
    """As PyTorch writes the padding of TensorFlow's "same": ceil, clip and remainders of the size."""
    nodes = [
        node("Shape", ["x"], ["s"], start=2),
        node("Cast", ["s"], ["f"], to=TensorProto.FLOAT),
        node("Div", ["f", "two"], ["d"]),
        node("Ceil", ["d"], ["c"]),
        node("Mul", ["c", "two"], ["m"]),
        node("Sub", ["m", "f"], ["over"]),
        node("Clip", ["over", "nothing"], ["some"]),
        node("Cast", ["some"], ["whole"], to=TensorProto.INT64),
        node("Mod", ["s", "three"], ["left"]),
        node("Max", ["whole", "left"], ["most"]),
        node("Concat", ["zeros", "zeros", "zeros", "most"], ["pads"], axis=0),
        node("Pad", ["x", "pads"], ["padded"]),
        node("Flatten", ["padded"], ["y"]),
    ]
    weights = {"two": np.float32(2), "nothing": np.float32(0), "three": i64(3), "zeros": i64(0, 0)}
    path = file_of(tmp_path / "m.onnx", nodes, weights, opset=15)
    assert inspect_onnx(path).outputs == 3 * (9 + 1) * (8 + 2)
    compare(path, tmp_path)


def test_a_mask_worked_out_with_truth_values(tmp_path):
    """As transformers write masks and positions."""
    nodes = [
        node("Size", ["x"], ["count"]),
        node("Range", ["zero", "eight", "one"], ["columns"]),
        node("Less", ["columns", "three"], ["early"]),
        node("Equal", ["columns", "six"], ["late"]),
        node("Or", ["early", "late"], ["either"]),
        node("Xor", ["either", "early"], ["only"]),
        node("Not", ["only"], ["others"]),
        node("And", ["others", "either"], ["kept"]),
        node("ConstantOfShape", ["sides"], ["ones"]),
        node("Cast", ["ones"], ["floats"], to=TensorProto.FLOAT),
        node("Expand", ["floats", "shape"], ["wide"]),
        node("Where", ["kept", "x", "wide"], ["masked"]),
        node("Cast", ["count"], ["number"], to=TensorProto.FLOAT),
        node("Div", ["masked", "number"], ["share"]),
        node("Mul", ["share", "hundred"], ["scaled"]),
        node("Flatten", ["scaled"], ["y"]),
    ]
    numbers = {"zero": 0, "one": 1, "three": 3, "six": 6, "eight": 8}
    weights = {name: np.array(number) for name, number in numbers.items()}
    weights |= {"sides": i64(1, 1), "shape": i64(1, 3, 9, 8), "hundred": np.float32(100)}
    compare(file_of(tmp_path / "m.onnx", nodes, weights, opset=17), tmp_path)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_rows_as_a_sequence(tmp_path, kind):
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[kind]
    weights = {
        "w": RANDOM.uniform(-1, 1, (1, gates * 6, 8)).astype(np.float32),
        "r": RANDOM.uniform(-1, 1, (1, gates * 6, 6)).astype(np.float32),
    }
    nodes = [
        node("Transpose", ["x"], ["rows"], perm=[1, 0, 2]),
        node(kind, ["rows", "w", "r"], ["", "last"], hidden_size=6),
        node("Squeeze", ["last", "axis"], ["y"]),
    ]
    path = file_of(tmp_path / "m.onnx", nodes, weights | {"axis": i64(0)}, opset=17, shape=("batch", 9, 8))
    assert inspect_onnx(path).layout == "nhw"
    compare(path, tmp_path)


def test_bytes_as_the_input(tmp_path):
    nodes = [
        node("Cast", ["x"], ["f"], to=TensorProto.FLOAT),
        node("Div", ["f", "d"], ["s"]),
        node("ReduceMean", ["s"], ["y"], axes=[1, 2], keepdims=0),
    ]
    path = file_of(
        tmp_path / "m.onnx", nodes, {"d": np.float32(255)}, opset=13, shape=("n", 9, 8, 3),
        dtype=TensorProto.UINT8,
    )  # fmt: skip
    assert inspect_onnx(path).scaling.decided
    compare(path, tmp_path)


def test_whole_numbers_that_depend_on_the_picture_are_refused(tmp_path):
    nodes = [
        node("Cast", ["x"], ["i"], to=TensorProto.INT64),
        node("Cast", ["i"], ["f"], to=TensorProto.FLOAT),
        node("Flatten", ["f"], ["y"]),
    ]
    with pytest.raises(ModelError, match="makes whole numbers of what depends on the picture"):
        inspect_onnx(file_of(tmp_path / "m.onnx", nodes))
