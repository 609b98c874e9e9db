"""What is known about a layer class: which fields it may have and what it does to shapes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras.network.fields import Check, boolean, dtype, layer_name

Shape = tuple[int, ...]
"""Shape for one picture: without the batch axis."""
Config = Mapping[str, Any]

COMMON: Mapping[str, Check] = {"name": layer_name, "trainable": boolean, "dtype": dtype}
"""Fields that every layer has."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a layer does when it is called.

    Attributes:
        output: Shape of its result.
        weights: Shapes of the arrays that it stores.
        scratch: Numbers that it holds besides while it works, where it works in several steps.
        operations: Multiplications for one picture that do not follow from output and weights.
        others: Shapes of its further results, where it gives several.
    """

    output: Shape
    weights: tuple[Shape, ...] = ()
    scratch: int = 0
    operations: int = 0
    others: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One class of layers.

    Attributes:
        effect: Function from its checked configuration and the shapes of its inputs to what it does. It may
            take fields for granted (`KeyError` becomes a refusal).
        fields: Its own fields; any other is refused.
        module: Module in which Keras finds the class.
        several_inputs: Whether it joins a list of inputs.
        rescales: Whether it brings pixel values to the range that the network was trained with.
        learns: Whether it is one of the layers that do the recognising.
        counts_itself: Whether the effect names all multiplications, so that none follow from the weights.
        arguments: What a call may give besides results of other layers, by the name of the parameter.
        parameters: Names of the parameters of its call, in order, where it takes more than one list of
            results.
        least: Results that a call must give it.
        inputs_only: Whether all its inputs must be results of layers, none the picture itself.
    """

    effect: Callable[[Config, Sequence[Shape]], Effect]
    fields: Mapping[str, Check] = field(default_factory=dict)
    module: str = "keras.layers"
    several_inputs: bool = False
    rescales: bool = False
    learns: bool = False
    counts_itself: bool = False
    arguments: Mapping[str, Check] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    least: int = 1
    inputs_only: bool = False

    def operations(self, effect: Effect) -> int:
        """Estimate the multiplications for one picture.

        Every weight of a layer that learns is used at every position of its output; other layers touch each
        number of their output once. What the effect itself says comes on top.
        """
        elements = math.prod(effect.output) + effect.operations
        if not self.learns or self.counts_itself:
            return elements
        return elements + math.prod(effect.output[:-1]) * sum(map(math.prod, effect.weights))

    def check(self, config: Config, where: str) -> None:
        """Check every field.

        Raises:
            ModelError: A field is unknown or has a value that is not allowed.
        """
        for key, value in config.items():
            check = self.fields.get(key) or COMMON.get(key)
            if check is None:
                refuse(f"{where} has the unknown field {short(key)}")
            check(value, f"{where}, field {key},")


def same_shape(_config: Config, inputs: Sequence[Shape]) -> Effect:
    """Effect of a layer that works on each number, or at most moves them."""
    return Effect(inputs[0])


def inner_axis(axis: int, shape: Shape) -> int:
    """Position in a picture's shape of an axis that is counted with the batch axis.

    Raises:
        ModelError: There is no such axis, or it is the batch axis: pictures would change each other's
            results.
    """
    axes = len(shape) + 1
    position = axis + axes if axis < 0 else axis
    if position == 0:
        refuse("a layer works across several pictures at once")
    if not 0 < position < axes:
        refuse("a layer works along an axis that its input does not have")
    return position - 1


def inner_axes(axis: int | Sequence[int] | None, shape: Shape) -> tuple[int, ...]:
    """Do the same for one axis or several, each once; None stands for all, the batch axis too.

    Raises:
        ModelError: One is the batch axis, is not there, or is named twice.
    """
    if axis is None:
        refuse("a layer works across several pictures at once")
    found = tuple(inner_axis(each, shape) for each in ([axis] if isinstance(axis, int) else axis))
    if len(set(found)) != len(found):
        refuse("a layer names the same axis twice")
    return found


def picture(shape: Shape) -> tuple[int, int, int]:
    """Unpack height, width and channels.

    Raises:
        ModelError: The shape is not that of a picture or feature map.
    """
    if len(shape) != 3:
        refuse(f"a layer for pictures gets an input with {len(shape)} axes")
    height, width, channels = shape
    return height, width, channels


def spatial(shape: Shape, axes: int) -> Shape:
    """Check that a shape has so many axes and the channels behind them.

    Raises:
        ModelError: It has more or fewer.
    """
    if axes == 2:
        return picture(shape)
    if len(shape) != axes + 1:
        refuse(f"a layer for sequences gets an input with {len(shape)} axes")
    return shape


def channels_last(axis: int | Sequence[int], shape: Shape) -> None:
    """Check that an axis, counted with the batch axis, is the last one.

    Raises:
        ModelError: It is another one.
    """
    axes = [axis] if isinstance(axis, int) else list(axis)
    if axes not in ([-1], [len(shape)]):
        refuse("a layer works along another axis than the channels")
