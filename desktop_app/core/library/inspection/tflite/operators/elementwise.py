"""Operators that work on each number by itself, or along one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.library.inspection.tflite.operators.rule import FUSED, Call, Field, Kind

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.tflite.operators.rule import Shape

_ACTIVATION = {"activation": Field(0, "b", 0, FUSED)}
_SUM = {**_ACTIVATION, "pot_scale": Field(1, "flag", 1)}
_NUMBERS = {"float32": 0, "float16": 1, "int32": 2, "uint8": 3, "int64": 4, "bool": 6, "int8": 9}


def _alike(call: Call) -> list[Shape]:
    return [call.shape()]


def _together(call: Call) -> list[Shape]:
    return [_broadcast(call, call.shape(0), call.shape(1))]


def _slope(call: Call) -> list[Shape]:
    slopes = call.value(1)
    if not slopes.known or _broadcast(call, call.shape(), slopes.shape) != call.shape():
        call.refuse("has slopes that do not fit")
    return [call.shape()]


def _softmax(call: Call) -> list[Shape]:
    if not call.shape():
        call.refuse("gets a single number")
    return [call.shape()]


def _normalised(call: Call) -> list[Shape]:
    if len(call.shape()) < 2:
        call.refuse("gets a single number")
    return [call.shape()]


def _broadcast(call: Call, one: Shape, other: Shape) -> Shape:
    try:
        return tuple(map(int, np.broadcast_shapes(one, other)))
    except ValueError:
        call.refuse("gets arrays of shapes that do not fit")


def _of_one(code: int, name: str, options_type: int = 0, *, whole: bool = False) -> Kind:
    return Kind(code, name, _alike, options_type, whole=whole)


def _of_two(code: int, name: str, options_type: int = 0, *, whole: bool = False) -> Kind:
    return Kind(code, name, _together, options_type, inputs=(2, 2), whole=whole)


KINDS = (
    Kind(0, "ADD", _together, 11, _SUM, (2, 2)),
    Kind(41, "SUB", _together, 28, _SUM, (2, 2)),
    Kind(18, "MUL", _together, 21, _ACTIVATION, (2, 2)),
    Kind(42, "DIV", _together, 29, _ACTIVATION, (2, 2), whole=False),
    _of_two(55, "MAXIMUM", 39, whole=True),
    _of_two(57, "MINIMUM", 39, whole=True),
    _of_two(78, "POW", 56),
    _of_two(99, "SQUARED_DIFFERENCE", 76),
    _of_one(19, "RELU", whole=True),
    _of_one(21, "RELU6", whole=True),
    _of_one(152, "RELU_0_TO_1"),
    _of_one(14, "LOGISTIC", whole=True),
    _of_one(28, "TANH", whole=True),
    _of_one(111, "ELU"),
    _of_one(117, "HARD_SWISH", 91, whole=True),
    _of_one(47, "EXP", 33),
    _of_one(73, "LOG"),
    _of_one(75, "SQRT"),
    _of_one(76, "RSQRT"),
    _of_one(92, "SQUARE", 66),
    _of_one(101, "ABS", 78),
    _of_one(59, "NEG", 42),
    _of_one(66, "SIN"),
    _of_one(108, "COS", 84),
    _of_one(8, "FLOOR"),
    _of_one(104, "CEIL"),
    _of_one(50, "LOG_SOFTMAX", 36),
    _of_one(114, "QUANTIZE", 89, whole=True),
    _of_one(6, "DEQUANTIZE", 38, whole=True),
    Kind(25, "SOFTMAX", _softmax, 9, {"beta": Field(0, "f", 0.0)}),
    Kind(98, "LEAKY_RELU", _alike, 75, {"alpha": Field(0, "f", 0.0)}),
    Kind(150, "GELU", _alike, 116, {"approximate": Field(0, "flag")}, whole=False),
    Kind(54, "PRELU", _slope, inputs=(2, 2), whole=False),
    Kind(53, "CAST", _alike, 37, {
        "from": Field(0, "b", 0, tuple(_NUMBERS.values())), "to": Field(1, "b", 0, tuple(_NUMBERS.values())),
    }),
    Kind(11, "L2_NORMALIZATION", _normalised, 12, _ACTIVATION, whole=False),
)  # fmt: skip
