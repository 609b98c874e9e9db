"""A model's configuration after it was checked: its layers and how they are connected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from desktop_app.core.library.inspection.keras.network.memory import Result
    from desktop_app.core.library.inspection.keras.network.rule import Rule, Shape
    from desktop_app.core.library.inspection.keras.network.trace import Trace

RecordedShape = tuple[int | None, ...]
"""Shape as the file has it, without the batch axis; None stands for any size."""

_MAX_ROUNDS = 8
"""Keras goes through the layers until all calls are resolved; real files need one or two rounds."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """A result of the ``call``-th call of a layer: its ``number``-th, where it gives several."""

    layer: str
    call: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """What a layer is called with.

    Attributes:
        tensors: Results of other layers, in their order.
        constants: Arguments that are none, by the parameter's name: numbers, slices, checked constants.
    """

    tensors: tuple[Tensor, ...]
    constants: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer with its checked configuration.

    Attributes:
        kind: Name of its class.
        built_for: Input shapes that Keras builds the weights for; empty when the file does not say.
        operands: Arguments of its first call where it is arithmetic: numbers, one for each channel too, and
            None for results.
    """

    name: str
    kind: str
    rule: Rule
    config: Mapping[str, Any]
    built_for: tuple[RecordedShape, ...]
    operands: tuple[float | tuple[float, ...] | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """The entry of a model."""

    name: str
    shape: RecordedShape
    dtype: str = "float32"


@dataclass(frozen=True, slots=True)
class Chain:
    """A Sequential model: each part gets the result of the one before."""

    name: str
    entry: RecordedShape | None
    parts: tuple[Layer | Chain | Graph, ...]
    built_for: tuple[RecordedShape, ...]
    dtype: str = "float32"

    def follow(self, trace: Trace, start: Result) -> Result:
        """Follow one picture, or what became of it so far, to the result."""
        if self.entry is not None:
            expect(self.entry, start.shape, self.name)
        result = start
        for part in self.parts:
            (result, *others) = trace.call(part, [result])
            if others:
                refuse(f"the layer {short(part.name)} gives several results to one that takes one")
        return result


@dataclass(frozen=True, slots=True)
class Graph:
    """A Functional model with one input and one output.

    Attributes:
        calls: What each call of each part gets, in the file's order.
    """

    name: str
    entry: Input
    parts: tuple[Layer | Chain | Graph, ...]
    calls: tuple[tuple[Call, ...], ...]
    output: Tensor
    built_for: tuple[RecordedShape, ...]

    def follow(self, trace: Trace, start: Result) -> Result:
        """Follow one picture, or what became of it so far, to the result."""
        expect(self.entry.shape, start.shape, self.name)
        known = {Tensor(self.entry.name, 0): start}
        waiting = [
            (part, number, call)
            for part, calls in zip(self.parts, self.calls, strict=True)
            for number, call in enumerate(calls)
        ]
        for _ in range(_MAX_ROUNDS):
            later = []
            for part, number, call in waiting:
                if all(tensor in known for tensor in call.tensors):
                    inputs = [known[tensor] for tensor in call.tensors]
                    for position, result in enumerate(trace.call(part, inputs, call.constants)):
                        known[Tensor(part.name, number, position)] = result
                else:
                    later.append((part, number, call))
            waiting = later
            if not waiting:
                break
        if waiting or self.output not in known:
            refuse(f"the layers of {short(self.name)} are not connected properly")
        return known[self.output]


def expect(recorded: RecordedShape, shape: Shape, where: str) -> None:
    """Check that a shape in the file agrees with the one that follows from the layers.

    Raises:
        ModelError: It does not.
    """
    if len(recorded) != len(shape) or any(
        side is not None and side != actual for side, actual in zip(recorded, shape, strict=True)
    ):
        refuse(f"the layer {short(where)} was saved for another input than it gets")


def expect_all(recorded: Sequence[RecordedShape], shapes: Sequence[Shape], where: str) -> None:
    """Do the same for a layer with several inputs; nothing recorded agrees with everything."""
    if recorded and len(recorded) != len(shapes):
        refuse(f"the layer {short(where)} was saved for another number of inputs than it gets")
    for one, shape in zip(recorded, shapes, strict=False):
        expect(one, shape, where)
