"""Following one picture's shape through a model, with an eye on what the model would cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.graph import Layer, expect_all
from desktop_app.core.library.inspection.limits import (
    MAX_CALLS,
    MAX_OPERATIONS,
    MAX_PARAMETERS,
    MAX_TENSOR_ELEMENTS,
)
from desktop_app.core.library.inspection.refusal import refuse, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.library.inspection.graph import Chain, Graph
    from desktop_app.core.library.inspection.rules.rule import Effect, Shape


class Trace:
    """Counts calls, multiplications and weights while the models call their layers.

    Attributes:
        operations: Multiplications for one picture so far.
        rescales: Whether something scales the pixels before the first layer that learns.
    """

    def __init__(self) -> None:
        self.operations = 0
        self.rescales = False
        self._calls = 0
        self._learned = False
        self._weights: dict[int, tuple[Shape, ...]] = {}

    @property
    def weights(self) -> list[Shape]:
        """Shapes of all arrays that the model stores; a shared layer's once."""
        return [shape for shapes in self._weights.values() for shape in shapes]

    @property
    def parameters(self) -> int:
        """Numbers in `weights`."""
        return sum(map(math.prod, self.weights))

    def call(self, part: Layer | Chain | Graph, inputs: Sequence[Shape]) -> Shape:
        """Call a layer or a model within the model.

        Raises:
            ModelError: It does not fit its input, or the whole has become too large.
        """
        self._calls += 1
        if self._calls > MAX_CALLS:
            refuse("it has too many layers")
        expect_all(part.built_for, inputs, part.name)
        if not isinstance(part, Layer):
            if len(inputs) != 1:
                refuse(f"its part {short(part.name)} has several inputs")
            return part.follow(self, inputs[0])
        try:
            effect = part.rule.effect(part.config, inputs)
        except KeyError as error:
            refuse(f"the layer {short(part.name)} lacks the field {error}")
        self._account(part, effect)
        return effect.output

    def _account(self, layer: Layer, effect: Effect) -> None:
        where = f"the layer {short(layer.name)}"
        if math.prod(effect.output) > MAX_TENSOR_ELEMENTS:
            refuse(f"{where} would need too much memory")
        if sum(map(math.prod, effect.weights)) > MAX_PARAMETERS:
            refuse(f"{where} has too many weights")
        self.operations += layer.rule.operations(effect)
        if self.operations > MAX_OPERATIONS:
            refuse("one picture would take it too much computing")
        if self._weights.setdefault(id(layer), effect.weights) != effect.weights:
            refuse(f"{where} is used for inputs of different shapes")
        self._learned |= layer.rule.learns
        self.rescales |= layer.rule.rescales and not self._learned
