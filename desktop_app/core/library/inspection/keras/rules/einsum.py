"""Sums over named axes: EinsumDense, and the function of the same kind."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras.network.fields import (
    MAX_UNITS,
    activation,
    either,
    integer,
    optional,
    regularizer,
    sequence,
)
from desktop_app.core.library.inspection.keras.network.rule import Config, Effect, Rule, Shape
from desktop_app.core.library.inspection.keras.rules.convolution import parameters
from desktop_app.core.library.inspection.keras.rules.quantization import LORA, QUANTIZED, quantized_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DENSE = re.compile(r"(\.\.\.)?([a-zA-Z]{1,8})(\.\.\.)?,([a-zA-Z]{1,8})->(\.\.\.)?([a-zA-Z]{1,8})(\.\.\.)?")
_SUM = re.compile(r"([a-zA-Z]{1,8}),([a-zA-Z]{1,8})->([a-zA-Z]{1,8})")
_SPARE = "0123456789"


def _equation(value: Any, where: str) -> None:
    if not isinstance(value, str) or not _DENSE.fullmatch(value.replace(" ", "")) or " " in value:
        refuse(f"{where} is {short(value)}")


def _letters(value: Any, where: str) -> None:
    if not isinstance(value, str) or not 0 < len(value) <= 8 or not value.isalpha() or not value.isascii():
        refuse(f"{where} is {short(value)}")


def subscripts(value: Any, where: str) -> None:
    """The equation of a sum over named axes of two results.

    Raises:
        ModelError: It is something else.
    """
    if not isinstance(value, str) or not _SUM.fullmatch(value):
        refuse(f"{where} is {short(value)}")


def _misfit(what: str = "an EinsumDense layer does not fit its input") -> None:
    refuse(what)


def _terms(equation: str, axes: int) -> tuple[str, str, str]:
    """Letters of input, kernel and output; the axes behind an ellipsis get digits.

    Args:
        equation: Checked equation.
        axes: Number of the input's axes, with the batch axis.
    """
    match = _DENSE.fullmatch(equation)
    assert match is not None
    left, source, right, kernel, left_out, target, right_out = match.groups()
    elided = axes - len(source)
    if (left and right) or bool(left) != bool(left_out) or bool(right) != bool(right_out):
        _misfit()
    if elided < 0 or (elided and not left and not right) or elided > len(_SPARE):
        _misfit()
    spare = _SPARE[:elided]
    source, target = (f"{spare}{source}", f"{spare}{target}") if left else (source + spare, target + spare)
    for term in (source, kernel, target):
        if len(set(term)) != len(term):
            _misfit()
    # Each picture stays by itself: its axis comes first and is in no sum.
    if source[0] != target[0] or source[0] in kernel:
        refuse("an EinsumDense layer works across several pictures at once")
    return source, kernel, target


def _einsum_dense(config: Config, inputs: Sequence[Shape]) -> Effect:
    source, kernel, target = _terms(config["equation"], len(inputs[0]) + 1)
    sizes = dict(zip(source[1:], inputs[0], strict=True))
    given = config["output_shape"]
    given = [given] if isinstance(given, int) else list(given)
    spelled = [letter for letter in target[1:] if letter not in _SPARE]
    if len(given) < len(spelled):
        _misfit()
    for letter, side in zip(spelled, given, strict=False):
        if side is None and letter not in sizes:
            _misfit()
        if side is not None and sizes.setdefault(letter, side) != side:
            _misfit()
    if not set(kernel) <= set(sizes) or not set(target[1:]) <= set(sizes):
        _misfit()
    output = tuple(sizes[letter] for letter in target[1:])
    weights = tuple(sizes[letter] for letter in kernel)
    operations = math.prod(sizes[letter] for letter in {*source[1:], *kernel, *target[1:]})
    bias = _bias(config["bias_axes"], target, sizes)
    scale = tuple(sizes[letter] if letter in kernel else 1 for letter in target)
    stored = quantized_weights(config, weights, scale)
    if stored is None:
        return Effect(output, (weights, *bias), math.prod(inputs[0]) + math.prod(output), operations)
    if len(weights) != 2 or kernel[1] not in target:
        refuse("a quantized EinsumDense layer has a kernel with more than rows and columns")
    scratch = math.prod(weights) + math.prod(inputs[0]) + math.prod(output)
    return Effect(output, (stored[0], *bias, *stored[1:]), scratch, operations)


def _bias(axes: str | None, target: str, sizes: Mapping[str, int]) -> tuple[Shape, ...]:
    """Shape of the bias: from its first axis on, 1 along the others."""
    if axes is None:
        return ()
    if not set(axes) <= set(target[1:]):
        _misfit()
    first = min(target.index(letter) for letter in axes)
    return (tuple(sizes[letter] if letter in axes else 1 for letter in target[first:]),)


def sum_of_products(config: Config, inputs: Sequence[Shape]) -> Effect:
    """Effect of `keras.ops.einsum` on two results.

    Raises:
        ModelError: They do not fit the equation, or it mixes up several pictures.
    """
    match = _SUM.fullmatch(config["subscripts"])
    assert match is not None
    *sources, target = match.groups()
    sizes: dict[str, int] = {}
    for term, shape in zip(sources, inputs, strict=True):
        if len(term) != len(shape) + 1 or len(set(term)) != len(term) or term[0] != target[0]:
            refuse("an einsum works across several pictures at once, or does not fit its inputs")
        if target[0] in term[1:] + target[1:]:
            refuse("an einsum works across several pictures at once, or does not fit its inputs")
        for letter, side in zip(term[1:], shape, strict=True):
            if sizes.setdefault(letter, side) != side:
                refuse("an einsum joins axes of different lengths")
    if not set(target[1:]) <= set(sizes) or len(set(target)) != len(target) or len(target) < 2:
        refuse("an einsum does not fit its inputs")
    output = tuple(sizes[letter] for letter in target[1:])
    scratch = sum(map(math.prod, inputs)) + math.prod(output)
    return Effect(output, scratch=scratch, operations=math.prod(sizes.values()))


_SIZE = integer(1, MAX_UNITS)

RULES: Mapping[str, Rule] = {
    "EinsumDense": Rule(
        _einsum_dense,
        {
            "equation": _equation,
            "output_shape": either(sequence(optional(_SIZE)), _SIZE),
            "activation": activation,
            "bias_axes": optional(_letters),
            "activity_regularizer": regularizer,
            **LORA,
            **QUANTIZED,
            **parameters("kernel", "bias"),
        },
        learns=True,
        counts_itself=True,
    ),
}
