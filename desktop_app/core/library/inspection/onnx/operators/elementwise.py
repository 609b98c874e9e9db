"""Operators that compute number by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.library.inspection.onnx.file.records import KEPT, TYPES
from desktop_app.core.library.inspection.onnx.file.refusing import FLOAT32
from desktop_app.core.library.inspection.onnx.operators.call import (
    FLOAT,
    WHOLE,
    Call,
    Value,
    broadcast,
    operator,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS = (FLOAT, *WHOLE)
_UNARY: dict[str, Callable[..., Any] | None] = {
    "Relu": lambda x: np.maximum(x, 0), "Sigmoid": None, "Tanh": None, "Erf": None, "Softplus": None,
    "Softsign": None, "Exp": np.exp, "Log": np.log, "Sqrt": np.sqrt, "Reciprocal": lambda x: 1 / x,
    "Abs": np.abs, "Neg": np.negative, "Floor": np.floor, "Ceil": np.ceil, "Sign": np.sign, "Round": np.round,
    "HardSwish": None, "Mish": None, "Sin": np.sin, "Cos": np.cos,
}  # fmt: skip
_WITH_NUMBERS: dict[str, dict[str, float]] = {
    "LeakyRelu": {"alpha": 0.01},
    "Elu": {"alpha": 1.0},
    "Celu": {"alpha": 1.0},
    "Selu": {"alpha": 1.67326319217681884765625, "gamma": 1.05070102214813232421875},
    "HardSigmoid": {"alpha": 0.2, "beta": 0.5},
    "ThresholdedRelu": {"alpha": 1.0},
}
_BINARY: dict[str, Callable[..., Any]] = {
    "Add": np.add, "Sub": np.subtract, "Mul": np.multiply, "Pow": np.power,
}  # fmt: skip
_SEVERAL: dict[str, Callable[..., Any]] = {
    "Min": lambda *all_: _folded(np.minimum, all_),
    "Max": lambda *all_: _folded(np.maximum, all_),
    "Sum": lambda *all_: _folded(np.add, all_),
    "Mean": lambda *all_: _folded(np.add, all_) / len(all_),
}
_COMPARED: dict[str, Callable[..., Any]] = {
    "Equal": np.equal, "Less": np.less, "Greater": np.greater, "LessOrEqual": np.less_equal,
    "GreaterOrEqual": np.greater_equal,
}  # fmt: skip
_LOGICAL: dict[str, Callable[..., Any]] = {"And": np.logical_and, "Or": np.logical_or, "Xor": np.logical_xor}


def _folded(function: Callable[..., Any], values: tuple[Any, ...]) -> Any:
    found = values[0]
    for value in values[1:]:
        found = function(found, value)
    return found


@operator(*_UNARY)
def unary(call: Call) -> list[Value]:
    """A function of each number."""
    compute = _UNARY[call.node.kind]
    value = call.input(0)
    if compute is None:
        return [call.result(value.shape)]
    return [call.worked_out(value.shape, FLOAT, compute)]


@operator(*_WITH_NUMBERS)
def with_numbers(call: Call) -> list[Value]:
    """A function with parameters, of each number."""
    for name, default in _WITH_NUMBERS[call.node.kind].items():
        call.number(name, default)
    if call.node.kind == "Celu" and call.number("alpha", 1.0) <= 0:
        call.refuse("has an alpha that is not positive")
    return [call.result(call.input(0).shape)]


@operator("Gelu")
def gelu(call: Call) -> list[Value]:
    """The Gaussian error linear unit, exact or approximate."""
    call.word("approximate", "none", ("none", "tanh"))
    return [call.result(call.input(0).shape)]


@operator("PRelu")
def prelu(call: Call) -> list[Value]:
    """A slope below 0 for each number; it is broadcast to the input, and not the other way round."""
    value, slope = call.input(0), call.input(1)
    if broadcast(call, [value, slope]) != value.shape:
        call.refuse("has slopes of another shape than its input")
    return [call.result(value.shape)]


@operator("Clip")
def clip(call: Call) -> list[Value]:
    """Limits, which are attributes before opset 11 and inputs since then."""
    value = call.input(0, *_NUMBERS)
    if call.opset < 11:
        call.number("min", -3.4028234663852886e38)
        call.number("max", 3.4028234663852886e38)
    for index in (1, 2):
        if call.optional(index, value.dtype) is not None and call.numbers(index, value.dtype).size != 1:
            call.refuse("has more than one limit")
    if call.opset < 11:
        return [call.result(value.shape)]
    found = call.worked_out(value.shape, value.dtype, _clipped)
    if value.dtype != FLOAT and found.load is None:
        call.refuse("computes with whole numbers that depend on the picture")
    return [found]


def _clipped(numbers: Any, low: Any = None, high: Any = None) -> Any:
    return np.clip(numbers, low, high)


@operator(*_BINARY)
def binary(call: Call) -> list[Value]:
    """A function of two numbers."""
    one, other = call.input(0, *_NUMBERS), call.input(1, *_NUMBERS)
    if one.dtype != other.dtype:
        call.refuse("gets numbers of two formats")
    return [_number_by_number(call, [one, other], _BINARY[call.node.kind])]


@operator("Div")
def div(call: Call) -> list[Value]:
    """A quotient; of whole numbers towards 0."""
    one, other = call.input(0, *_NUMBERS), call.input(1, *_NUMBERS)
    if one.dtype != other.dtype:
        call.refuse("gets numbers of two formats")
    if one.dtype == FLOAT:
        return [_number_by_number(call, [one, other], np.divide)]
    divisor = other.known
    if divisor is None or (divisor <= 0).any() or (one.known is not None and (one.known < 0).any()):
        call.refuse("divides whole numbers that are not positive")
    return [_number_by_number(call, [one, other], np.floor_divide)]


@operator("Mod")
def mod(call: Call) -> list[Value]:
    """What a division of whole numbers leaves, to work out shapes with."""
    one, other = call.input(0, *WHOLE), call.input(1, *WHOLE)
    call.whole("fmod", 0, (0,))
    if one.dtype != other.dtype or other.known is None or (other.known <= 0).any():
        call.refuse("divides whole numbers that are not positive")
    return [_number_by_number(call, [one, other], np.mod)]


@operator(*_SEVERAL)
def several(call: Call) -> list[Value]:
    """A function of any number of numbers."""
    values = [call.input(index, *_NUMBERS) for index in range(len(call.inputs))]
    if not values or len({value.dtype for value in values}) > 1:
        call.refuse("gets numbers of two formats")
    return [_number_by_number(call, values, _SEVERAL[call.node.kind])]


def _number_by_number(call: Call, values: list[Value], compute: Callable[..., Any]) -> Value:
    dtype = values[0].dtype
    found = call.worked_out(broadcast(call, values), dtype, compute)
    if dtype != FLOAT and found.load is None:
        call.refuse("computes with whole numbers that depend on the picture")
    return found


@operator(*_COMPARED)
def compared(call: Call) -> list[Value]:
    """Whether two numbers are equal, or which is larger."""
    one, other = call.input(0, *_NUMBERS, "bool"), call.input(1, *_NUMBERS, "bool")
    if one.dtype != other.dtype:
        call.refuse("gets numbers of two formats")
    return [call.worked_out(broadcast(call, [one, other]), "bool", _COMPARED[call.node.kind])]


@operator(*_LOGICAL)
def logical(call: Call) -> list[Value]:
    """A function of two truth values."""
    values = [call.input(0, "bool"), call.input(1, "bool")]
    return [call.worked_out(broadcast(call, values), "bool", _LOGICAL[call.node.kind])]


@operator("Not")
def negation(call: Call) -> list[Value]:
    """The other truth value."""
    return [call.worked_out(call.input(0, "bool").shape, "bool", np.logical_not)]


@operator("Where")
def where(call: Call) -> list[Value]:
    """One of two numbers, as a truth value says."""
    condition, one, other = call.input(0, "bool"), call.input(1, *_NUMBERS), call.input(2, *_NUMBERS)
    if one.dtype != other.dtype:
        call.refuse("gets numbers of two formats")
    shape = broadcast(call, [condition, one, other])
    return [call.worked_out(shape, one.dtype, np.where)]


@operator("Cast")
def cast(call: Call) -> list[Value]:
    """Another number format."""
    value = call.input(0, *KEPT)
    to = TYPES.get(call.whole("to", 0), "")
    call.whole("saturate", 1, (0, 1))
    if to not in KEPT:
        call.refuse(
            f"makes {to or 'numbers of an unknown format'} of its input",
            FLOAT32,
        )
    found = call.worked_out(value.shape, to, lambda numbers: numbers.astype(to))
    if to not in (FLOAT, "bool") and value.dtype == FLOAT and found.load is None:
        call.refuse("makes whole numbers of what depends on the picture")
    return [found]
