"""Layers that join several inputs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.network.fields import (
    boolean,
    either,
    integer,
    sequence,
)
from desktop_app.core.library.inspection.keras.network.rule import Config, Effect, Rule, Shape, inner_axis

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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


def joined(axis: int, inputs: Sequence[Shape]) -> Shape:
    """Shape of several results one behind the other along an axis, which is counted with the batch axis.

    Raises:
        ModelError: It is the batch axis, or the shapes do not fit each other.
    """
    place = inner_axis(axis, inputs[0])
    if len({(*shape[:place], *shape[place + 1 :]) for shape in inputs}) > 1 or len(set(map(len, inputs))) > 1:
        refuse("a layer joins inputs of different shapes")
    return (*inputs[0][:place], sum(shape[place] for shape in inputs), *inputs[0][place + 1 :])


def _concatenate(config: Config, inputs: Sequence[Shape]) -> Effect:
    return Effect(joined(config["axis"], inputs))


def _dot(config: Config, inputs: Sequence[Shape]) -> Effect:
    """The product of two results along one axis of each."""
    axes = config["axes"]
    first, second = inputs
    places = [
        inner_axis(axis, shape)
        for axis, shape in zip([axes] * 2 if isinstance(axes, int) else axes, inputs, strict=True)
    ]
    if len(inputs) != 2 or len(first) > 2 or len(second) > 2 or first[places[0]] != second[places[1]]:
        refuse("a Dot layer does not fit its inputs")
    rest = [
        side
        for shape, place in zip(inputs, places, strict=True)
        for axis, side in enumerate(shape)
        if axis != place
    ]
    output = tuple(rest) or (1,)
    return Effect(output, scratch=sum(map(math.prod, inputs)), operations=math.prod(rest) * first[places[0]])


_JOIN = Rule(_merge, several_inputs=True)

RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"), _JOIN),
    "Concatenate": Rule(_concatenate, {"axis": integer(-8, 8)}, several_inputs=True),
    "Dot": Rule(
        _dot,
        {
            "axes": either(sequence(integer(-8, 8), low=2, high=2), integer(-8, 8)),
            "normalize": boolean,
        },
        several_inputs=True,
        least=2,
    ),
}
