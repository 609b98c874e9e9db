"""Pooling over the rows of a sequence or over a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.network.fields import (
    boolean,
    either,
    integer,
    one_of,
    optional,
    sequence,
)
from desktop_app.core.library.inspection.keras.network.rule import Config, Effect, Rule, Shape, spatial
from desktop_app.core.library.inspection.keras.rules.convolution import slide

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_SIDE = integer(1, 1024)
_FORMAT = one_of("channels_last")


def _pool(config: Config, inputs: Sequence[Shape]) -> Effect:
    size = config["pool_size"]
    *sides, channels = spatial(inputs[0], len(size))
    return Effect((*slide(config, size, sides), channels))


def _adaptive(axes: int) -> Callable[[Config, Sequence[Shape]], Effect]:
    """Effect of a layer that divides its input into so many fields."""

    def effect(config: Config, inputs: Sequence[Shape]) -> Effect:
        *sides, channels = spatial(inputs[0], axes)
        size = config["output_size"]
        places = [size] * axes if isinstance(size, int) else size
        if any(place > side for place, side in zip(places, sides, strict=True)):
            refuse("an adaptive pooling has more fields than its input")
        # Keras gathers a small and a large window for each field, along one axis after the other.
        windows = [place * (-(-side // place) + 1) for place, side in zip(places, sides, strict=True)]
        scratch = 4 * max(*sides, *windows) ** axes * channels
        return Effect((*places, channels), scratch=scratch)

    return effect


def _global(axes: int) -> Callable[[Config, Sequence[Shape]], Effect]:
    def effect(config: Config, inputs: Sequence[Shape]) -> Effect:
        *sides, channels = spatial(inputs[0], axes)
        return Effect((*([1] * len(sides)), channels) if config["keepdims"] else (channels,))

    return effect


def _layers(axes: int) -> dict[str, Rule]:
    sides = sequence(_SIDE, low=axes, high=axes)
    fields = {
        "pool_size": sides,
        "strides": optional(sides),
        "padding": one_of("valid", "same"),
        "data_format": _FORMAT,
    }
    pool = Rule(_pool, fields)
    whole = Rule(_global(axes), {"data_format": _FORMAT, "keepdims": boolean})
    adaptive = Rule(_adaptive(axes), {"output_size": either(sides, _SIDE), "data_format": _FORMAT})
    kinds = ("Max", "Average")
    return {
        **{f"{kind}Pooling{axes}D": pool for kind in kinds},
        **{f"Global{kind}Pooling{axes}D": whole for kind in kinds},
        **{f"Adaptive{kind}Pooling{axes}D": adaptive for kind in kinds},
    }


RULES: Mapping[str, Rule] = {**_layers(1), **_layers(2)}
