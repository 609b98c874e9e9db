"""Operators that move numbers: shapes, paddings, slices, resizing, sums along axes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.library.inspection.tflite.operators.rule import Call, Field, Kind

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.tflite.operators.rule import Shape

_MAX_SIDE = 2**20


def _reshape(call: Call) -> list[Shape]:
    given = call.inputs[1] if len(call.inputs) > 1 else None
    wanted = call.whole(1) if given is not None else call.options["shape"]
    assert isinstance(wanted, tuple)
    size, rest = call.value(0).size, math.prod(side for side in wanted if side != -1)
    if wanted.count(-1) > 1 or any(side < -1 for side in wanted) or len(wanted) > 6:
        call.refuse("has an impossible shape")
    if -1 in wanted:
        if not rest or size % rest:
            call.refuse("has an impossible shape")
        wanted = tuple(size // rest if side == -1 else side for side in wanted)
    if math.prod(wanted) != size:
        call.refuse("has an impossible shape")
    return [wanted]


def _squeeze(call: Call) -> list[Shape]:
    shape, axes = call.shape(), call.options["axes"]
    assert isinstance(axes, tuple)
    chosen = {call.axis(axis, len(shape)) for axis in axes} or {
        axis for axis, side in enumerate(shape) if side == 1
    }
    if any(shape[axis] != 1 for axis in chosen):
        call.refuse("removes an axis with more than one place")
    return [tuple(side for axis, side in enumerate(shape) if axis not in chosen)]


def _expand(call: Call) -> list[Shape]:
    shape, axes = call.shape(), call.whole(1)
    if len(axes) != 1 or len(shape) > 5:
        call.refuse("adds several axes at once")
    place = call.axis(axes[0], len(shape) + 1)
    return [(*shape[:place], 1, *shape[place:])]


def _transpose(call: Call) -> list[Shape]:
    shape, order = call.shape(), call.whole(1)
    if sorted(order) != list(range(len(shape))):
        call.refuse("has an impossible order of axes")
    return [tuple(shape[axis] for axis in order)]


def _concatenate(call: Call) -> list[Shape]:
    shapes = [call.shape(index) for index in range(len(call.inputs))]
    first = shapes[0]
    axis = call.axis(call.option("axis"), len(first))
    for shape in shapes:
        if len(shape) != len(first) or any(
            one != other for place, (one, other) in enumerate(zip(shape, first, strict=True)) if place != axis
        ):
            call.refuse("joins what does not fit")
    return [(*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])]


def _pack(call: Call) -> list[Shape]:
    shapes = {call.shape(index) for index in range(len(call.inputs))}
    if len(shapes) != 1 or call.option("count") != len(call.inputs):
        call.refuse("joins what does not fit")
    shape = shapes.pop()
    if len(shape) > 5:
        call.refuse("has too many axes")
    place = call.axis(call.option("axis"), len(shape) + 1)
    return [(*shape[:place], len(call.inputs), *shape[place:])]


def _unpack(call: Call) -> list[Shape]:
    shape = call.shape()
    axis = call.axis(call.option("axis"), len(shape))
    if shape[axis] != call.outputs or call.option("count") != call.outputs:
        call.refuse("takes apart what does not fit")
    return [(*shape[:axis], *shape[axis + 1 :])] * call.outputs


def _split(call: Call) -> list[Shape]:
    axes, shape = call.whole(0), call.shape(1)
    if call.shape(0) != ():  # what OpenVINO takes, and the converter writes
        call.refuse("has an impossible axis")
    axis, count = call.axis(axes[0], len(shape)), call.option("count")
    if count != call.outputs or count < 1 or shape[axis] % count:
        call.refuse("takes apart what does not fit")
    return [(*shape[:axis], shape[axis] // count, *shape[axis + 1 :])] * count


def _split_unevenly(call: Call) -> list[Shape]:
    shape, sizes, axes = call.shape(), call.whole(1), call.whole(2)
    if len(axes) != 1:
        call.refuse("has an impossible axis")
    axis = call.axis(axes[0], len(shape))
    if len(sizes) != call.outputs or min(sizes) < 1 or sum(sizes) != shape[axis]:
        call.refuse("takes apart what does not fit")
    return [(*shape[:axis], size, *shape[axis + 1 :]) for size in sizes]


def _slice(call: Call) -> list[Shape]:
    shape, begin, size = call.shape(), call.whole(1), call.whole(2)
    if not len(shape) == len(begin) == len(size):
        call.refuse("cuts out what is not there")
    found = tuple(
        side - start if length == -1 else length
        for side, start, length in zip(shape, begin, size, strict=True)
    )
    if any(
        start < 0 or length < 1 or start + length > side
        for side, start, length in zip(shape, begin, found, strict=True)
    ):
        call.refuse("cuts out what is not there")
    return [found]


def cuts(call: Call) -> tuple[slice | int, ...]:
    """What a STRIDED_SLICE cuts out, as numpy would write it.

    Raises:
        ModelError: It adds axes or leaves some open, or has an impossible step.
    """
    shape = call.shape()
    begin, end, steps = (call.whole(index) for index in (1, 2, 3))
    if not len(begin) == len(end) == len(steps) <= len(shape):
        call.refuse("cuts out what is not there")
    found: list[slice | int] = []
    for axis, (start, stop, step) in enumerate(zip(begin, end, steps, strict=True)):
        if step not in {1, 2, -1}:
            call.refuse(f"has a step of {step}")
        if call.option("shrink") >> axis & 1:
            found.append(call.axis(start, shape[axis]))
            continue
        first = None if call.option("begin_mask") >> axis & 1 else start
        last = None if call.option("end_mask") >> axis & 1 else stop
        found.append(slice(first, last, step))
    return tuple(found)


def _strided(call: Call) -> list[Shape]:
    shape = np.broadcast_to(np.uint8(0), call.shape())[cuts(call)].shape
    if 0 in shape:
        call.refuse("cuts out nothing")
    return [shape]


def _gather(call: Call) -> list[Shape]:
    shape, places = call.shape(), call.value(1)
    axis = call.axis(call.option("axis"), len(shape))
    if any(not 0 <= place < shape[axis] for place in call.whole(1)):
        call.refuse("takes places that are not there")
    return [(*shape[:axis], *places.shape, *shape[axis + 1 :])]


def _pad(call: Call) -> list[Shape]:
    shape = call.shape()
    pairs = _pairs(call, 1, len(shape))
    if any(not 0 <= number <= _MAX_SIDE for pair in pairs for number in pair):
        call.refuse("has an impossible border")
    if len(call.inputs) > 2 and call.value(2).size != 1:
        call.refuse("has an impossible border")
    return [tuple(side + before + after for side, (before, after) in zip(shape, pairs, strict=True))]


def _mirror(call: Call) -> list[Shape]:
    (found,) = _pad(call)
    most = [side - (call.option("mode") == 0) for side in call.shape()]
    pairs = _pairs(call, 1, len(most))
    if any(number > side for side, pair in zip(most, pairs, strict=True) for number in pair):
        call.refuse("has a border that is wider than its input")
    return [found]


def _pairs(call: Call, index: int, count: int) -> list[tuple[int, int]]:
    numbers = call.whole(index)
    if len(numbers) != 2 * count:
        call.refuse("has borders that do not fit")
    return [(numbers[place], numbers[place + 1]) for place in range(0, 2 * count, 2)]


def _resize(call: Call) -> list[Shape]:
    batch, _height, _width, channels = call.picture()
    sides = call.whole(1)
    if len(sides) != 2 or not all(1 <= side <= _MAX_SIDE for side in sides):
        call.refuse("has an impossible size")
    if call.option("align_corners") and call.option("half_pixels"):
        call.refuse("aligns both corners and centres")
    return [(batch, *sides, channels)]


def _nearest(call: Call) -> list[Shape]:
    (found,) = _resize(call)
    _batch, height, width, _channels = call.picture()
    if call.option("half_pixels") and (found[1] % height or found[2] % width):
        # OpenVINO takes other pixels than TensorFlow Lite, except where each is repeated as often.
        call.refuse("aligns the centres of pixels and does not repeat each of them as often")
    return [found]


def _reduce(call: Call) -> list[Shape]:
    shape = call.shape()
    axes = {call.axis(axis, len(shape)) for axis in call.whole(1)}
    if call.option("keep"):
        return [tuple(1 if axis in axes else side for axis, side in enumerate(shape))]
    return [tuple(side for axis, side in enumerate(shape) if axis not in axes)]


def _reduce_work(call: Call, _shape: Shape) -> int:
    return call.value(0).size


def _space_to_batch(call: Call) -> list[Shape]:
    batch, height, width, channels = call.picture()
    blocks = call.whole(1)
    borders = _pairs(call, 2, 2)
    if len(blocks) != 2 or not all(1 <= block <= 64 for block in blocks):
        call.refuse("has impossible blocks")
    sides = [side + sum(border) for side, border in zip((height, width), borders, strict=True)]
    if any(not 0 <= number <= _MAX_SIDE for border in borders for number in border) or any(
        side % block for side, block in zip(sides, blocks, strict=True)
    ):
        call.refuse("has blocks that do not fit")
    return [(batch * math.prod(blocks), sides[0] // blocks[0], sides[1] // blocks[1], channels)]


def _batch_to_space(call: Call) -> list[Shape]:
    batch, height, width, channels = call.picture()
    blocks = call.whole(1)
    cut = _pairs(call, 2, 2)
    if len(blocks) != 2 or not all(1 <= block <= 64 for block in blocks) or batch % math.prod(blocks):
        call.refuse("has blocks that do not fit")
    sides = [side * block - sum(pair) for side, block, pair in zip((height, width), blocks, cut, strict=True)]
    if min(sides) < 1 or any(number < 0 for pair in cut for number in pair):
        call.refuse("cuts off more than there is")
    return [(batch // math.prod(blocks), *sides, channels)]


def _depth_to_space(call: Call) -> list[Shape]:
    batch, height, width, channels = call.picture()
    block = call.option("block")
    if not 1 <= block <= 64 or channels % block**2:
        call.refuse("has blocks that do not fit")
    return [(batch, height * block, width * block, channels // block**2)]


def _space_to_depth(call: Call) -> list[Shape]:
    batch, height, width, channels = call.picture()
    block = call.option("block")
    if not 1 <= block <= 64 or height % block or width % block:
        call.refuse("has blocks that do not fit")
    return [(batch, height // block, width // block, channels * block**2)]


def _shape(call: Call) -> list[Shape]:
    return [(len(call.shape()),)]


_KEEP = {"keep": Field(0, "flag")}
_BLOCK = {"block": Field(0, "i")}

KINDS = (
    Kind(22, "RESHAPE", _reshape, 17, {"shape": Field(0, "vector", ())}, (1, 2)),
    Kind(43, "SQUEEZE", _squeeze, 30, {"axes": Field(0, "vector", ())}),
    Kind(70, "EXPAND_DIMS", _expand, 52, inputs=(2, 2)),
    Kind(39, "TRANSPOSE", _transpose, 26, inputs=(2, 2)),
    Kind(2, "CONCATENATION", _concatenate, 10, {
        "axis": Field(0, "i"), "activation": Field(1, "b", 0, (0,)),
    }, (1, 1_000)),
    Kind(83, "PACK", _pack, 59, {"count": Field(0, "i"), "axis": Field(1, "i")}, (1, 1_000)),
    Kind(88, "UNPACK", _unpack, 64, {"count": Field(0, "i"), "axis": Field(1, "i")}),
    Kind(49, "SPLIT", _split, 35, {"count": Field(0, "i")}, (2, 2)),
    Kind(102, "SPLIT_V", _split_unevenly, 79, {"count": Field(0, "i")}, (3, 3)),
    Kind(65, "SLICE", _slice, 48, inputs=(3, 3)),
    Kind(45, "STRIDED_SLICE", _strided, 32, {
        "begin_mask": Field(0, "i"), "end_mask": Field(1, "i"), "ellipsis": Field(2, "i", 0, (0,)),
        "new_axis": Field(3, "i", 0, (0,)), "shrink": Field(4, "i"), "offset": Field(5, "flag", 0, (0,)),
    }, (4, 4)),
    Kind(36, "GATHER", _gather, 23, {"axis": Field(0, "i"), "batch": Field(1, "i", 0, (0,))}, (2, 2)),
    Kind(34, "PAD", _pad, 22, inputs=(2, 2)),
    Kind(60, "PADV2", _pad, 43, inputs=(3, 3), whole=False),
    Kind(100, "MIRROR_PAD", _mirror, 77, {"mode": Field(0, "b", 0, (0, 1))}, (2, 2)),
    Kind(23, "RESIZE_BILINEAR", _resize, 15, {
        "align_corners": Field(2, "flag"), "half_pixels": Field(3, "flag"),
    }, (2, 2)),
    Kind(97, "RESIZE_NEAREST_NEIGHBOR", _nearest, 74, {
        "align_corners": Field(0, "flag"), "half_pixels": Field(1, "flag"),
    }, (2, 2)),
    Kind(40, "MEAN", _reduce, 27, _KEEP, (2, 2), work=_reduce_work),
    Kind(74, "SUM", _reduce, 27, _KEEP, (2, 2), whole=False, work=_reduce_work),
    Kind(82, "REDUCE_MAX", _reduce, 27, _KEEP, (2, 2), work=_reduce_work),
    Kind(89, "REDUCE_MIN", _reduce, 27, _KEEP, (2, 2), work=_reduce_work),
    Kind(81, "REDUCE_PROD", _reduce, 27, _KEEP, (2, 2), whole=False, work=_reduce_work),
    Kind(38, "SPACE_TO_BATCH_ND", _space_to_batch, 25, inputs=(3, 3)),
    Kind(37, "BATCH_TO_SPACE_ND", _batch_to_space, 24, inputs=(3, 3)),
    Kind(5, "DEPTH_TO_SPACE", _depth_to_space, 94, _BLOCK),
    Kind(26, "SPACE_TO_DEPTH", _space_to_depth, 19, _BLOCK),
    Kind(77, "SHAPE", _shape, 55, {"to": Field(0, "b", 0, (0, 2, 4))}),
)  # fmt: skip
