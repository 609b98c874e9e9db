"""Layers that change the shape and compute nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.limits import MAX_SIDE
from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.network.fields import (
    boolean,
    integer,
    number,
    one_of,
    pair,
    sequence,
)
from desktop_app.core.library.inspection.keras.network.rule import (
    Config,
    Effect,
    Rule,
    Shape,
    picture,
    spatial,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_SIDE = integer(1, MAX_SIDE)
_ENDS = pair(integer(0, MAX_SIDE))
_BORDER = pair(_ENDS)
_FORMAT = one_of("channels_last")
INTERPOLATION = one_of("nearest", "bilinear", "bicubic", "area", "lanczos3", "lanczos5")


def _flatten(_config: Config, inputs: Sequence[Shape]) -> Effect:
    return Effect((math.prod(inputs[0]),))


def _reshape(config: Config, inputs: Sequence[Shape]) -> Effect:
    target = list(config["target_shape"])
    count = math.prod(inputs[0])
    if target.count(-1) == 1:
        known = math.prod(side for side in target if side != -1)
        target[target.index(-1)] = count // max(1, known)
    if -1 in target or 0 in target or math.prod(target) != count:
        refuse("a Reshape layer does not fit its input")
    return Effect(tuple(target))


def _permute(config: Config, inputs: Sequence[Shape]) -> Effect:
    order = config["dims"]
    if sorted(order) != list(range(1, len(inputs[0]) + 1)):
        refuse("a Permute layer does not fit its input")
    return Effect(tuple(inputs[0][axis - 1] for axis in order))


def _borders(value: Sequence[Sequence[int]] | Sequence[int], axes: int) -> Sequence[Sequence[int]]:
    """Numbers before and behind, for each axis; with one axis they stand alone."""
    return [value] if axes == 1 else value  # type: ignore[list-item,return-value]


def _pad(axes: int) -> Callable[[Config, Sequence[Shape]], Effect]:
    def effect(config: Config, inputs: Sequence[Shape]) -> Effect:
        *sides, channels = spatial(inputs[0], axes)
        borders = _borders(config["padding"], axes)
        return Effect((*(side + sum(border) for side, border in zip(sides, borders, strict=True)), channels))

    return effect


def _crop(axes: int) -> Callable[[Config, Sequence[Shape]], Effect]:
    def effect(config: Config, inputs: Sequence[Shape]) -> Effect:
        *sides, channels = spatial(inputs[0], axes)
        borders = _borders(config["cropping"], axes)
        left = [side - sum(border) for side, border in zip(sides, borders, strict=True)]
        if min(left) < 1:
            refuse(f"a Cropping{axes}D layer leaves nothing of its input")
        return Effect((*left, channels))

    return effect


def _enlarge(axes: int) -> Callable[[Config, Sequence[Shape]], Effect]:
    def effect(config: Config, inputs: Sequence[Shape]) -> Effect:
        *sides, channels = spatial(inputs[0], axes)
        size = [config["size"]] if axes == 1 else config["size"]
        return Effect((*(side * times for side, times in zip(sides, size, strict=True)), channels))

    return effect


def _repeat(config: Config, inputs: Sequence[Shape]) -> Effect:
    if len(inputs[0]) != 1:
        refuse("a RepeatVector layer gets something that is not a row of numbers")
    return Effect((config["n"], *inputs[0]))


def resize(config: Config, inputs: Sequence[Shape]) -> Effect:
    """Effect of bringing pictures to another height and width."""
    height, width, channels = picture(inputs[0])
    target = (config["height"], config["width"])
    padded = 0
    if config.get("pad_to_aspect_ratio"):  # a picture with borders of its own comes first
        padded = max(height, width * target[0] // target[1]) * max(width, height * target[1] // target[0])
    return Effect((*target, channels), scratch=padded * channels)


RULES: Mapping[str, Rule] = {
    "Flatten": Rule(_flatten, {"data_format": _FORMAT}),
    "Reshape": Rule(_reshape, {"target_shape": sequence(integer(-1, 2**26))}),
    "Permute": Rule(_permute, {"dims": sequence(integer(1, 8))}),
    "RepeatVector": Rule(_repeat, {"n": integer(1, 2**16)}),
    "ZeroPadding1D": Rule(_pad(1), {"padding": _ENDS, "data_format": _FORMAT}),
    "ZeroPadding2D": Rule(_pad(2), {"padding": _BORDER, "data_format": _FORMAT}),
    "Cropping1D": Rule(_crop(1), {"cropping": _ENDS}),
    "Cropping2D": Rule(_crop(2), {"cropping": _BORDER, "data_format": _FORMAT}),
    "UpSampling1D": Rule(_enlarge(1), {"size": _SIDE}),
    "UpSampling2D": Rule(
        _enlarge(2), {"size": pair(_SIDE), "interpolation": INTERPOLATION, "data_format": _FORMAT}
    ),
    "Resizing": Rule(
        resize,
        {
            "height": _SIDE,
            "width": _SIDE,
            "interpolation": INTERPOLATION,
            "crop_to_aspect_ratio": boolean,
            "pad_to_aspect_ratio": boolean,
            "fill_mode": one_of("constant"),
            "fill_value": number,
            "antialias": boolean,
            "data_format": _FORMAT,
        },
    ),
    "CenterCrop": Rule(resize, {"height": _SIDE, "width": _SIDE, "data_format": _FORMAT}),
}
