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
from desktop_app.core.library.inspection.keras.network.rule import Config, Effect, Rule, Shape, picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SIDE = integer(1, MAX_SIDE)
_BORDER = pair(pair(integer(0, MAX_SIDE)))
_FORMAT = one_of("channels_last")
_INTERPOLATION = one_of("nearest", "bilinear", "bicubic", "area", "lanczos3", "lanczos5")


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


def _pad(config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width, channels = picture(inputs[0])
    (top, bottom), (left, right) = config["padding"]
    return Effect((height + top + bottom, width + left + right, channels))


def _crop(config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width, channels = picture(inputs[0])
    (top, bottom), (left, right) = config["cropping"]
    shape = (height - top - bottom, width - left - right, channels)
    if min(shape) < 1:
        refuse("a Cropping2D layer leaves nothing of its input")
    return Effect(shape)


def _enlarge(config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width, channels = picture(inputs[0])
    down, across = config["size"]
    return Effect((height * down, width * across, channels))


def _resize(config: Config, inputs: Sequence[Shape]) -> Effect:
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
    "ZeroPadding2D": Rule(_pad, {"padding": _BORDER, "data_format": _FORMAT}),
    "Cropping2D": Rule(_crop, {"cropping": _BORDER, "data_format": _FORMAT}),
    "UpSampling2D": Rule(
        _enlarge, {"size": pair(_SIDE), "interpolation": _INTERPOLATION, "data_format": _FORMAT}
    ),
    "Resizing": Rule(
        _resize,
        {
            "height": _SIDE,
            "width": _SIDE,
            "interpolation": _INTERPOLATION,
            "crop_to_aspect_ratio": boolean,
            "pad_to_aspect_ratio": boolean,
            "fill_mode": one_of("constant"),
            "fill_value": number,
            "antialias": boolean,
            "data_format": _FORMAT,
        },
    ),
    "CenterCrop": Rule(_resize, {"height": _SIDE, "width": _SIDE, "data_format": _FORMAT}),
}
