"""Layers that join several inputs, and arithmetic as Keras records it for expressions like ``x / 127.5``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.network.fields import integer
from desktop_app.core.library.inspection.keras.network.rule import Config, Effect, Rule, Shape, channels_last

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OPERATIONS_MODULE = "keras.src.ops.numpy"
OPERATIONS = frozenset({"Add", "Subtract", "Multiply", "Divide", "TrueDivide", "Maximum", "Minimum"})


def broadcast(inputs: Sequence[Shape]) -> Shape:
    """Shape of an element-wise operation on several inputs, after NumPy's rules.

    Raises:
        ModelError: The shapes do not fit each other.
    """
    axes = max(len(shape) for shape in inputs)
    padded = [(1,) * (axes - len(shape)) + shape for shape in inputs]
    result = tuple(max(sides) for sides in zip(*padded, strict=True))
    for shape in padded:
        if any(side not in {1, full} for side, full in zip(shape, result, strict=True)):
            refuse("a layer joins inputs of different shapes")
    return result


def _merge(_config: Config, inputs: Sequence[Shape]) -> Effect:
    return Effect(broadcast(inputs))


def _concatenate(config: Config, inputs: Sequence[Shape]) -> Effect:
    channels_last(config["axis"], inputs[0])
    if len({shape[:-1] for shape in inputs}) > 1:
        refuse("a layer joins inputs of different shapes")
    return Effect((*inputs[0][:-1], sum(shape[-1] for shape in inputs)))


_JOIN = Rule(_merge, several_inputs=True)
_ARITHMETIC = Rule(_merge, module=OPERATIONS_MODULE, several_inputs=True, rescales=True)

RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"), _JOIN),
    "Concatenate": Rule(_concatenate, {"axis": integer(-8, 8)}, several_inputs=True),
}
ARITHMETIC: Mapping[str, Rule] = dict.fromkeys(OPERATIONS, _ARITHMETIC)
