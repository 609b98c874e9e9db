"""Follows one picture through a model, to find out what the model would cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.limits import (
    MAX_CALLS,
    MAX_FACTORISING,
    MAX_OPERATIONS,
    MAX_PARAMETERS,
    MAX_RESULT_BYTES,
    MAX_TENSOR_ELEMENTS,
)
from desktop_app.core.library.inspection.containers.refusal import Refusal, refuse, short, to_the_maker
from desktop_app.core.library.inspection.keras.network.front import Front
from desktop_app.core.library.inspection.keras.network.graph import Layer, expect_all
from desktop_app.core.library.inspection.keras.network.memory import called, entry, peak

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.library.inspection.keras.network.graph import Chain, Graph
    from desktop_app.core.library.inspection.keras.network.memory import Result
    from desktop_app.core.library.inspection.keras.network.rule import Effect, Shape

_ORTHOGONAL_ADVICE = to_the_maker(
    "give the layer another kernel_initializer, such as 'zeros', in a network of the same kind, set its "
    "weights with model.set_weights, and save that"
)


class Trace:
    """Counts calls, multiplications and weights while the models call their layers.

    Attributes:
        operations: Multiplications for one picture so far.
    """

    def __init__(self) -> None:
        self.operations = 0
        self._calls = 0
        self._weights: dict[int, tuple[Shape, ...]] = {}
        self._results: list[Result] = []
        self._front: Front | None = None

    @property
    def scalers(self) -> list[Layer] | None:
        """Layers that scale pixels before the first one that learns; None where not all pixels pass them."""
        return [] if self._front is None else self._front.scalers

    @property
    def stem(self) -> tuple[Layer, Layer] | None:
        """The convolution behind those and its BatchNormalization; None where other layers stand there."""
        return None if self._front is None else self._front.stem

    @property
    def weights(self) -> list[Shape]:
        """Shapes of all arrays that the model stores; a shared layer's once."""
        return [shape for shapes in self._weights.values() for shape in shapes]

    @property
    def parameters(self) -> int:
        """Numbers in `weights`."""
        return sum(map(math.prod, self.weights))

    def weights_of(self, layer: Layer) -> tuple[Shape, ...]:
        """Shapes of the arrays that one layer stores; none before it was called."""
        return self._weights.get(id(layer), ())

    def run(self, model: Chain | Graph, picture: Shape) -> Shape:
        """Follow a picture through the whole model.

        Returns:
            Shape of the output.

        Raises:
            ModelError: Its layers do not fit each other, or it is too large.
        """
        self._results = [entry(picture)]
        self._front = Front(self._results[0])
        (output, *others) = self.call(model, self._results)
        if others:
            refuse("its last layer gives several results")
        if peak(self._results) > MAX_RESULT_BYTES:
            refuse("the results of its layers would need too much memory together")
        return output.shape

    def call(
        self, part: Layer | Chain | Graph, inputs: list[Result], constants: Mapping[str, Any] | None = None
    ) -> list[Result]:
        """Call a layer or a model within the model.

        Args:
            part: The layer or model.
            inputs: Results that it is called with.
            constants: Its other arguments, by the parameter's name.

        Returns:
            Its result, or its results.

        Raises:
            ModelError: It does not fit its input, or the whole has become too large.
        """
        self._calls += 1
        if self._calls > MAX_CALLS:
            refuse("it has too many layers")
        shapes = [one.shape for one in inputs]
        expect_all(part.built_for, shapes, part.name)
        if not isinstance(part, Layer):
            if len(inputs) != 1:
                refuse(f"its part {short(part.name)} has several inputs")
            return [part.follow(self, inputs[0])]
        if part.rule.inputs_only and any(one is self._results[0] for one in inputs):
            refuse(f"the layer {short(part.name)} takes the numbers of words or categories, not a picture")
        try:
            effect = part.rule.effect({**part.config, **(constants or {})}, shapes)
        except Refusal as refusal:
            refuse(f"{refusal.clause} (its layer {short(part.name)})", refusal.advice)
        except KeyError as error:
            refuse(f"the layer {short(part.name)} lacks the field {error}")
        self._account(part, effect)
        found = called(inputs, (effect.output, *effect.others), part.config, effect.scratch)
        self._results += found
        if self._front is not None:
            learns = part.rule.learns or (bool(effect.weights) and not part.rule.rescales)
            self._front.called(part, inputs, found[0], ends=learns or len(found) > 1)
        return found

    def _account(self, layer: Layer, effect: Effect) -> None:
        where = f"the layer {short(layer.name)}"
        if max(*map(math.prod, (effect.output, *effect.others)), effect.scratch) > MAX_TENSOR_ELEMENTS:
            refuse(f"{where} would need too much memory")
        if (
            "Orthogonal" in str(layer.config)
            and max(map(_factorising, effect.weights), default=0) > MAX_FACTORISING
        ):
            refuse(
                f"{where} starts with an orthogonal matrix that would take minutes to make",
                _ORTHOGONAL_ADVICE,
            )
        if sum(map(math.prod, effect.weights)) > MAX_PARAMETERS:
            refuse(f"{where} has too many weights")
        self.operations += layer.rule.operations(effect)
        if self.operations > MAX_OPERATIONS:
            refuse("one picture would take it too much computing")
        if self._weights.setdefault(id(layer), effect.weights) != effect.weights:
            refuse(f"{where} is used for inputs of different shapes")


def _factorising(shape: Shape) -> int:
    """Multiplications, about, to make an orthogonal start for weights of a shape."""
    rows, columns = math.prod(shape[:-1]), math.prod(shape[-1:])
    return rows * columns * min(rows, columns)
