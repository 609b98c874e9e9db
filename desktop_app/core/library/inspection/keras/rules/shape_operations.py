"""Functions of `keras.ops` in a network that choose and order numbers: slices, shapes, joining, patches."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.limits import MAX_SIDE
from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.network.constants import index
from desktop_app.core.library.inspection.keras.network.fields import (
    boolean,
    either,
    integer,
    number,
    one_of,
    optional,
    sequence,
)
from desktop_app.core.library.inspection.keras.network.rule import (
    Config,
    Effect,
    Rule,
    Shape,
    inner_axes,
    inner_axis,
    picture,
    spatial,
)
from desktop_app.core.library.inspection.keras.rules.convolution import slide
from desktop_app.core.library.inspection.keras.rules.merging import joined
from desktop_app.core.library.inspection.keras.rules.operations import AXES, AXIS, NN, NUMPY, OPERATIONS
from desktop_app.core.library.inspection.keras.rules.shaping import INTERPOLATION, resize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop_app.core.library.inspection.keras.network.fields import Check

IMAGE, CORE = f"{OPERATIONS}image", f"{OPERATIONS}core"
_FORMAT = optional(one_of("channels_last"))
_SIDE = integer(1, MAX_SIDE)
_SIDES = either(sequence(_SIDE, low=1, high=2), _SIDE)
_COUNT = integer(0, MAX_SIDE)


def _get_item(config: Config, inputs: Sequence[Shape]) -> Effect:
    """``x[:, 1:-1, ..., 0]``; each picture stays whole and by itself."""
    key = config["key"]
    parts = list(key) if isinstance(key, list) else [key]
    if sum(map(_is_ellipsis, parts)) > 1:
        refuse("a slice has several ellipses")
    axes = len(inputs[0]) + 1
    named = sum(part is not None and not _is_ellipsis(part) for part in parts)
    if named > axes:
        refuse("a slice has more parts than its input has axes")
    output: list[int] = []
    sides = iter([0, *inputs[0]])  # the batch axis first
    place = 0
    for part in [*parts, *([] if any(map(_is_ellipsis, parts)) else [_ELLIPSIS])]:
        if _is_ellipsis(part):
            for _ in range(axes - named):
                side = next(sides)
                output += [side] if place else []
                place += 1
        elif part is None:
            if not place:
                refuse("a slice works across several pictures at once")
            output.append(1)
        else:
            output += _picked(part, next(sides), batch=place == 0)
            place += 1
    if not output or 0 in output:
        refuse("a slice leaves nothing of its input")
    return Effect(tuple(output))


_ELLIPSIS: Mapping[str, Any] = {"class_name": "__ellipsis__", "config": {}}


def _is_ellipsis(part: Any) -> bool:
    return isinstance(part, dict) and part["class_name"] == "__ellipsis__"


def _picked(part: Any, side: int, *, batch: bool) -> list[int]:
    """Sides that one part of a slice leaves of an axis."""
    if isinstance(part, dict):
        limits = slice(part["config"]["start"], part["config"]["stop"], part["config"]["step"])
        if batch:
            if limits != slice(None):
                refuse("a slice works across several pictures at once")
            return []
        return [len(range(*limits.indices(side)))]
    if batch or not -side <= part < side:
        refuse("a slice takes a picture, or something that its input does not have")
    return []


def _reshape(config: Config, inputs: Sequence[Shape]) -> Effect:
    first, *target = config["newshape"]
    count = math.prod(inputs[0])
    if target.count(-1) == 1 and first is None:
        known = math.prod(side for side in target if side != -1)
        target[target.index(-1)] = count // max(1, known)
    if first not in {-1, None}:
        refuse("a reshape is for a fixed number of pictures")
    if not target or any(side is None or side < 1 for side in target) or math.prod(target) != count:
        refuse("a reshape does not fit its input, or mixes up several pictures")
    return Effect(tuple(target))


def _transpose(config: Config, inputs: Sequence[Shape]) -> Effect:
    axes = config["axes"]
    count = len(inputs[0]) + 1
    if axes is None or sorted(axis % count for axis in axes) != list(range(count)) or axes[0] % count:
        refuse("a transpose does not fit its input, or mixes up several pictures")
    return Effect(tuple(inputs[0][axis % count - 1] for axis in axes[1:]))


def _swap(config: Config, inputs: Sequence[Shape]) -> Effect:
    one, other = (inner_axis(config[key], inputs[0]) for key in ("axis1", "axis2"))
    sides = list(inputs[0])
    sides[one], sides[other] = sides[other], sides[one]
    return Effect(tuple(sides))


def _move(config: Config, inputs: Sequence[Shape]) -> Effect:
    source, target = (inner_axis(config[key], inputs[0]) for key in ("source", "destination"))
    sides = list(inputs[0])
    sides.insert(target, sides.pop(source))
    return Effect(tuple(sides))


def _expand(config: Config, inputs: Sequence[Shape]) -> Effect:
    axes = [config["axis"]] if isinstance(config["axis"], int) else config["axis"]
    if len(axes) != 1:
        refuse("a layer adds several axes at once")
    place = inner_axis(axes[0], (*inputs[0], 1))
    return Effect((*inputs[0][:place], 1, *inputs[0][place:]))


def _squeeze(config: Config, inputs: Sequence[Shape]) -> Effect:
    places = inner_axes(config["axis"], inputs[0])
    left = tuple(side for axis, side in enumerate(inputs[0]) if axis not in places)
    if any(inputs[0][place] != 1 for place in places) or not left:
        refuse("a squeeze does not fit its input")
    return Effect(left)


def _concatenate(config: Config, inputs: Sequence[Shape]) -> Effect:
    return Effect(joined(config["axis"], inputs))


def _stack(config: Config, inputs: Sequence[Shape]) -> Effect:
    if len(set(inputs)) != 1:
        refuse("a layer joins inputs of different shapes")
    place = inner_axis(config["axis"], (*inputs[0], 1))
    return Effect((*inputs[0][:place], len(inputs), *inputs[0][place:]))


def _split(config: Config, inputs: Sequence[Shape]) -> Effect:
    place = inner_axis(config["axis"], inputs[0])
    side, cuts = inputs[0][place], config["indices_or_sections"]
    if isinstance(cuts, int):
        if side % cuts:
            refuse("a split does not divide its input evenly")
        cuts = list(range(side // cuts, side, side // cuts))
    ends = [0, *cuts, side]
    sizes = [end - start for start, end in pairwise(ends)]
    if min(sizes) < 1 or len(sizes) > 64:
        refuse("a split does not fit its input")
    first, *others = ((*inputs[0][:place], size, *inputs[0][place + 1 :]) for size in sizes)
    return Effect(first, others=tuple(others))


def _flip(config: Config, inputs: Sequence[Shape]) -> Effect:
    inner_axes(config["axis"], inputs[0])
    return Effect(inputs[0])


def _pad(config: Config, inputs: Sequence[Shape]) -> Effect:
    borders = config["pad_width"]
    if isinstance(borders, int) or len(borders) != len(inputs[0]) + 1 or list(borders[0]) != [0, 0]:
        refuse("a padding does not fit its input, or adds pictures")
    if config.get("mode") != "constant" and any(
        max(border) >= side for border, side in zip(borders[1:], inputs[0], strict=True)
    ):
        refuse("a padding mirrors more than there is")
    return Effect(tuple(side + sum(border) for side, border in zip(inputs[0], borders[1:], strict=True)))


def _repeated(config: Config, inputs: Sequence[Shape]) -> Effect:
    place = inner_axis(config["axis"], inputs[0])
    sides = list(inputs[0])
    sides[place] *= config["repeats"]
    return Effect(tuple(sides))


def _tile(config: Config, inputs: Sequence[Shape]) -> Effect:
    times = config["repeats"]
    if len(times) != len(inputs[0]) + 1 or times[0] != 1:
        refuse("a tiling does not fit its input, or repeats pictures")
    return Effect(tuple(side * count for side, count in zip(inputs[0], times[1:], strict=True)))


def _grey(_config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width, channels = picture(inputs[0])
    if channels not in {1, 3}:
        refuse("a layer makes grey of something that is not a picture")
    return Effect((height, width, 1), scratch=2 * height * width * channels)


def _hsv(_config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width, channels = picture(inputs[0])
    if channels != 3:
        refuse("a layer for colours gets something that is not a picture")
    return Effect(inputs[0], scratch=4 * height * width)


def _resize(config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width = config["size"] if isinstance(config["size"], list) else [config["size"]] * 2
    return resize({**config, "height": height, "width": width}, inputs)


def _patches(config: Config, inputs: Sequence[Shape]) -> Effect:
    size = _two(config["size"])
    strides = size if config["strides"] is None else _two(config["strides"])
    *sides, channels = spatial(inputs[0], 2)
    window = {
        "strides": strides,
        "dilation_rate": _two(config["dilation_rate"]),
        "padding": config["padding"],
    }
    places = slide(window, size, sides)
    depth = math.prod(size) * channels
    # Keras convolves with a kernel of zeros and ones, made of a diagonal.
    return Effect((*places, depth), scratch=3 * depth * depth, operations=math.prod(places) * depth * depth)


def _crop(config: Config, inputs: Sequence[Shape]) -> Effect:
    height, width, channels = picture(inputs[0])
    sides = []
    for side, ends, target in (
        (height, ("top_cropping", "bottom_cropping"), "target_height"),
        (width, ("left_cropping", "right_cropping"), "target_width"),
    ):
        before, behind = (config[end] for end in ends)
        wanted = config[target]
        if sum(each is None for each in (before, behind, wanted)) != 1:
            refuse("a cropping says too little or too much")
        left = wanted if wanted is not None else side - before - behind
        if not 0 < left + (before or 0) <= side or left < 1:
            refuse("a cropping leaves nothing of its input")
        sides.append(left)
    return Effect((*sides, channels))


def _pool(config: Config, inputs: Sequence[Shape]) -> Effect:
    *sides, channels = inputs[0]
    size = config["pool_size"]
    size = [size] * len(sides) if isinstance(size, int) else size
    strides = config["strides"]
    strides = [strides] * len(sides) if isinstance(strides, int) else strides
    if len(sides) not in {1, 2} or len(size) != len(sides) or len(strides or size) != len(sides):
        refuse("a pooling does not fit its input")
    return Effect((*slide({**config, "strides": strides}, size, sides), channels))


def _two(value: Any) -> list[int]:
    return [value, value] if isinstance(value, int) else value if len(value) == 2 else value * 2


def _rule(
    module: str,
    name: str,
    effect: Callable[[Config, Sequence[Shape]], Effect],
    parameter: str = "x",
    **fields: Check,
) -> dict[tuple[str, str], Rule]:
    return {(module, name): Rule(effect, fields, module=module, parameters=(parameter,))}


_POOL: Mapping[str, Check] = {
    "pool_size": _SIDES,
    "strides": optional(_SIDES),
    "padding": one_of("valid", "same"),
    "data_format": _FORMAT,
}
_BORDERS = sequence(sequence(_COUNT, low=2, high=2))

RULES: Mapping[tuple[str, str], Rule] = {
    (NUMPY, "GetItem"): Rule(_get_item, module=NUMPY, parameters=("x", "key"), arguments={"key": index}),
    **_rule(NUMPY, "Reshape", _reshape, newshape=sequence(optional(integer(-1, 2**26)))),
    **_rule(NUMPY, "Transpose", _transpose, axes=optional(sequence(AXIS))),
    **_rule(NUMPY, "Swapaxes", _swap, axis1=AXIS, axis2=AXIS),
    **_rule(NUMPY, "Moveaxis", _move, source=AXIS, destination=AXIS),
    **_rule(NUMPY, "ExpandDims", _expand, axis=either(sequence(AXIS), AXIS)),
    **_rule(NUMPY, "Squeeze", _squeeze, axis=AXES),
    **_rule(NUMPY, "Concatenate", _concatenate, "xs", axis=AXIS),
    **_rule(NUMPY, "Stack", _stack, axis=AXIS),
    **_rule(
        NUMPY, "Split", _split, axis=AXIS,
        indices_or_sections=either(sequence(integer(1, 2**26), high=64), integer(1, 64)),
    ),
    **_rule(NUMPY, "Flip", _flip, axis=AXES),
    (NUMPY, "Pad"): Rule(
        _pad,
        {"pad_width": either(_BORDERS, _COUNT), "mode": one_of("constant", "reflect", "symmetric")},
        module=NUMPY,
        parameters=("x", "constant_values"),
        arguments={"constant_values": optional(number)},
    ),
    **_rule(NUMPY, "Repeat", _repeated, repeats=integer(1, MAX_SIDE), axis=AXIS),
    **_rule(NUMPY, "Tile", _tile, repeats=sequence(integer(1, MAX_SIDE))),
    **_rule(IMAGE, "RGBToGrayscale", _grey, "images", data_format=_FORMAT),
    **_rule(IMAGE, "RGBToHSV", _hsv, "images", data_format=_FORMAT),
    **_rule(
        IMAGE, "Resize", _resize, "images", size=either(sequence(_SIDE, low=2, high=2), _SIDE),
        interpolation=INTERPOLATION, antialias=boolean, crop_to_aspect_ratio=boolean,
        pad_to_aspect_ratio=boolean, fill_mode=one_of("constant"), fill_value=number, data_format=_FORMAT,
    ),
    **_rule(
        IMAGE, "ExtractPatches", _patches, "images", size=_SIDES, strides=optional(_SIDES),
        dilation_rate=_SIDES, padding=one_of("valid", "same"), data_format=_FORMAT,
    ),
    **_rule(
        IMAGE, "CropImages", _crop, "images", data_format=_FORMAT,
        **dict.fromkeys(
            (
                "top_cropping", "bottom_cropping", "left_cropping", "right_cropping", "target_height",
                "target_width",
            ),
            optional(_COUNT),
        ),
    ),
    **_rule(NN, "MaxPool", _pool, "inputs", **_POOL),
    **_rule(NN, "AveragePool", _pool, "inputs", **_POOL),
}  # fmt: skip
