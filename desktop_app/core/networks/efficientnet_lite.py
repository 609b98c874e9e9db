"""EfficientNet-Lite (Google, 2020): small networks whose features serve for photos of any kind.

The layout is EfficientNet's (Tan and Le, 2019, table 1) without squeeze-and-excitation and with ReLU6, as
Google's ``efficientnet/lite`` describes it. Batch normalisation is part of the convolutions: a frozen network
computes the same with a third of the layers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import keras

    Initializers = Callable[[str], dict[str, Any]]

_STAGES = (
    # repeats, kernel, stride, expansion, channels
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM = 32
FEATURES = 1280
"""Channels of the first and of the last convolution; Lite scales neither."""
DEPTHWISE = "_depthwise"
"""End of the names of the layers that filter each channel on its own."""
_DIVISOR = 8
"""Numbers of channels are multiples of it."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One size of the network.

    Attributes:
        name: Name in lower case with hyphens, as in a card's ``architecture``.
        size: Height and width of its pictures, in pixels.
        width: Factor for the channels of the stages.
        depth: Factor for the repetitions of the stages, except the first and the last.
    """

    name: str
    size: int
    width: float
    depth: float


LITE0 = Variant("efficientnet-lite0", 224, 1.0, 1.0)
LITE2 = Variant("efficientnet-lite2", 260, 1.1, 1.2)
VARIANTS = {variant.name: variant for variant in (LITE0, LITE2)}


@dataclass(frozen=True, slots=True)
class Block:
    """An inverted residual block: expand, filter each channel, project; added to its input where that fits.

    Attributes:
        name: Prefix of its layers' names.
        kernel: Side of the filters, in pixels.
        stride: Pixels from one position to the next.
        expansion: Factor from the incoming channels to the filtered ones.
        inputs: Incoming channels.
        outputs: Outgoing channels.
    """

    name: str
    kernel: int
    stride: int
    expansion: int
    inputs: int
    outputs: int


def blocks(variant: Variant) -> tuple[Block, ...]:
    """List the blocks of a variant, the first one first."""
    return tuple(_blocks(variant))


def _blocks(variant: Variant) -> Iterator[Block]:
    incoming, number = STEM, 0
    last = len(_STAGES) - 1
    for stage, (repeats, kernel, stride, expansion, channels) in enumerate(_STAGES):
        scaled = repeats if stage in {0, last} else math.ceil(variant.depth * repeats)
        outgoing = _scaled(channels, variant.width)
        for repeat in range(scaled):
            number += 1
            yield Block(f"block{number}", kernel, stride if repeat == 0 else 1, expansion, incoming, outgoing)
            incoming = outgoing


def _scaled(channels: int, factor: float) -> int:
    """Scale a number of channels to a multiple of `_DIVISOR`, at most 10% below the exact product."""
    exact = channels * factor
    rounded = max(_DIVISOR, int(exact + _DIVISOR / 2) // _DIVISOR * _DIVISOR)
    return rounded + _DIVISOR if rounded < 0.9 * exact else rounded


def layer_shapes(variant: Variant, class_count: int) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    """Shapes of kernel and bias of all layers, as Keras stores them.

    A depthwise layer's kernel is ``(side, side, channels, 1)``, a convolution's ``(side, side, in, out)`` and
    the last layer's ``(features, class_count)``.
    """
    kernels: dict[str, tuple[int, ...]] = {"stem": (3, 3, 3, STEM)}
    for block in blocks(variant):
        filtered = block.inputs * block.expansion
        if block.expansion > 1:
            kernels[f"{block.name}_expand"] = (1, 1, block.inputs, filtered)
        kernels[f"{block.name}{DEPTHWISE}"] = (block.kernel, block.kernel, filtered, 1)
        kernels[f"{block.name}_project"] = (1, 1, filtered, block.outputs)
    kernels["top"] = (1, 1, block.outputs, FEATURES)
    kernels["predictions"] = (FEATURES, class_count)
    return {
        name: (kernel, kernel[-2:-1] if name.endswith(DEPTHWISE) else kernel[-1:])
        for name, kernel in kernels.items()
    }


def features(
    variant: Variant, picture: keras.KerasTensor, initializers: Initializers, prefix: str = ""
) -> Any:
    """Add the network up to the mean of each channel of its last convolution.

    Args:
        variant: Size of the network.
        picture: Pictures ``(N, H, W, 3)``, preprocessed with ``efficientnet-lite``; any H and W from 32.
        initializers: Function from a layer's name to the constructor arguments ``kernel_initializer`` and
            ``bias_initializer``.
        prefix: Beginning of the names of all layers, where a model has several such networks.

    Returns:
        Features ``(N, 1280)``, 0 to 6.
    """
    import keras

    layers = keras.layers

    def convolution(inputs: Any, name: str, channels: int, side: int = 1, stride: int = 1) -> Any:
        return layers.Conv2D(
            channels, side, strides=stride, padding="same", name=prefix + name, **initializers(name)
        )(inputs)

    def relu6(inputs: Any, name: str) -> Any:
        return layers.ReLU(max_value=6.0, name=f"{prefix}{name}_relu")(inputs)

    def depthwise(inputs: Any, name: str, side: int, stride: int) -> Any:
        given = initializers(name)
        return layers.DepthwiseConv2D(
            side,
            strides=stride,
            padding="same",
            name=prefix + name,
            depthwise_initializer=given["kernel_initializer"],
            bias_initializer=given["bias_initializer"],
        )(inputs)

    flow = relu6(convolution(picture, "stem", STEM, side=3, stride=2), "stem")
    for block in blocks(variant):
        inputs, name = flow, block.name
        if block.expansion > 1:
            expanded = convolution(flow, f"{name}_expand", block.inputs * block.expansion)
            flow = relu6(expanded, f"{name}_expand")
        flow = relu6(depthwise(flow, f"{name}{DEPTHWISE}", block.kernel, block.stride), f"{name}{DEPTHWISE}")
        flow = convolution(flow, f"{name}_project", block.outputs)
        if block.stride == 1 and block.inputs == block.outputs:
            flow = layers.Add(name=f"{prefix}{name}_add")([inputs, flow])
    flow = relu6(convolution(flow, "top", FEATURES), "top")
    return layers.GlobalAveragePooling2D(name=f"{prefix}features")(flow)


def classifier(variant: Variant, class_count: int, initializers: Initializers) -> keras.Model:
    """Build the whole network.

    Args:
        variant: Size of the network.
        class_count: Number of classes.
        initializers: See `features`.

    Returns:
        Model from float32 ``(N, size, size, 3)``, preprocessed with ``efficientnet-lite``, to probabilities
        ``(N, class_count)``.
    """
    import keras

    picture = keras.Input((variant.size, variant.size, 3), name="picture")
    predictions = keras.layers.Dense(
        class_count, activation="softmax", name="predictions", **initializers("predictions")
    )(features(variant, picture, initializers))
    return keras.Model(picture, predictions, name=variant.name.replace("-", "_"))
