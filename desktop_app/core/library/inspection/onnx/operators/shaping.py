"""Operators that move numbers, and those that work out shapes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from desktop_app.core.library.inspection.onnx.file.limits import MAX_AXES, MAX_KNOWN_NUMBERS
from desktop_app.core.library.inspection.onnx.file.records import KEPT, Tensor, values_of
from desktop_app.core.library.inspection.onnx.file.refusing import refuse_damaged
from desktop_app.core.library.inspection.onnx.operators.call import (
    FLOAT,
    WHOLE,
    Call,
    Value,
    constant,
    operator,
)

_MOST = 2**40


@operator("Identity")
def identity(call: Call) -> list[Value]:
    """Nothing."""
    value = call.input(0, *KEPT)
    return [call.worked_out(value.shape, value.dtype, lambda numbers: numbers)]


@operator("Dropout")
def dropout(call: Call) -> list[Value]:
    """Nothing, in a network that is in use."""
    value = call.input(0)
    call.number("ratio", 0.5)
    call.whole("seed", 0)
    call.optional(1)
    if call.optional(2, "bool") is not None and call.numbers(2, "bool").any():
        call.refuse("drops numbers at random", "Export the network for inference: model.eval() in PyTorch.")
    call.outputs(1)
    return [call.result(value.shape)]


@operator("Shape")
def shape_of(call: Call) -> list[Value]:
    """The sizes along the axes."""
    value = call.input(0, *KEPT)
    start, end = call.whole("start", 0), call.whole("end", MAX_AXES)
    return [constant(np.array(value.shape[start:end], np.int64))]


@operator("Size")
def size_of(call: Call) -> list[Value]:
    """The number of numbers."""
    return [constant(np.array(call.input(0, *KEPT).count, np.int64))]


@operator("Reshape")
def reshape(call: Call) -> list[Value]:
    """Other axes for the same numbers."""
    value, wanted = call.input(0, *KEPT), call.ints(1)
    as_is = call.whole("allowzero", 0, (0, 1))
    if len(wanted) > MAX_AXES or any(not -1 <= side < _MOST for side in wanted) or wanted.count(-1) > 1:
        refuse_damaged("a shape in it is impossible")
    if 0 in wanted and (as_is or any(i >= value.rank for i, side in enumerate(wanted) if not side)):
        refuse_damaged("a shape in it has nothing in it")
    sides = [side or value.shape[index] for index, side in enumerate(wanted)]
    if -1 in sides:
        others = math.prod(side for side in sides if side != -1)
        sides[sides.index(-1)] = value.count // others
    if math.prod(sides) != value.count:
        refuse_damaged("a shape in it does not fit its numbers")
    return [call.worked_out(sides, value.dtype, lambda numbers, _shape: numbers)]


@operator("Flatten")
def flatten(call: Call) -> list[Value]:
    """A matrix of all axes before one and all from it on."""
    value = call.input(0)
    axis = call.whole("axis", 1)
    if not -value.rank <= axis <= value.rank:
        refuse_damaged("its operator 'Flatten' names an axis that there is not")
    axis = axis + value.rank if axis < 0 else axis
    return [call.result((math.prod(value.shape[:axis]), math.prod(value.shape[axis:])))]


@operator("Transpose")
def transpose(call: Call) -> list[Value]:
    """Another order of the axes."""
    value = call.input(0, *KEPT)
    order = call.whole_list("perm", list(range(value.rank))[::-1])
    if sorted(order) != list(range(value.rank)):
        refuse_damaged("its operator 'Transpose' has an impossible order")
    shape = [value.shape[axis] for axis in order]
    return [call.worked_out(shape, value.dtype, lambda numbers: numbers.transpose(order))]


def _named_axes(call: Call, since: int) -> list[int] | None:
    """Axes of an attribute, or of the second input since an opset."""
    if call.opset < since:
        return call.whole_list("axes")  # type: ignore[no-any-return]
    return None if call.optional(1, *WHOLE) is None else call.ints(1)


@operator("Squeeze")
def squeeze(call: Call) -> list[Value]:
    """Fewer axes: those of one number go."""
    value = call.input(0, *KEPT)
    named = _named_axes(call, 13)
    ones = [axis for axis, side in enumerate(value.shape) if side == 1]
    axes = ones if named is None else call.axes(named, value.rank)
    if any(value.shape[axis] != 1 for axis in axes):
        refuse_damaged("its operator 'Squeeze' leaves out an axis with numbers")
    shape = [side for axis, side in enumerate(value.shape) if axis not in axes]
    return [call.worked_out(shape, value.dtype, lambda numbers, *_axes: numbers)]


@operator("Unsqueeze")
def unsqueeze(call: Call) -> list[Value]:
    """More axes, of one number each."""
    value = call.input(0, *KEPT)
    named = _named_axes(call, 13)
    if named is None:
        refuse_damaged("its operator 'Unsqueeze' names no axis")
    rank = value.rank + len(named)
    axes = call.axes(named, rank)
    rest = iter(value.shape)
    shape = [1 if axis in axes else next(rest) for axis in range(rank)]
    return [call.worked_out(shape, value.dtype, lambda numbers, *_axes: numbers)]


@operator("Concat")
def concat(call: Call) -> list[Value]:
    """Several values, one after the other along an axis."""
    values = [call.input(index, *KEPT) for index in range(len(call.inputs))]
    if not values or len({value.dtype for value in values}) > 1:
        call.refuse("joins numbers of two formats")
    axis = call.axis(call.whole("axis", 1), values[0].rank)
    rests = {value.shape[:axis] + value.shape[axis + 1 :] for value in values}
    if len(rests) > 1:
        refuse_damaged("values that it joins do not fit each other")
    shape = list(values[0].shape)
    shape[axis] = sum(value.shape[axis] for value in values)
    return [call.worked_out(shape, values[0].dtype, lambda *parts: np.concatenate(parts, axis))]


@operator("Split")
def split(call: Call) -> list[Value]:
    """Several parts along an axis."""
    value = call.input(0, *KEPT)
    axis = call.axis(call.whole("axis", 0), value.rank)
    side, count = value.shape[axis], len(call.node.outputs)
    sizes = call.whole_list("split") if call.opset < 13 else None
    if call.opset >= 13 and call.optional(1, *WHOLE) is not None:
        sizes = call.ints(1)
    if sizes is None:
        if call.whole("num_outputs", count, (count,)) and side % count:
            call.refuse("has parts that are not all as large, which engines divide differently")
        sizes = [side // count] * count
    if len(sizes) != count or sum(sizes) != side:
        refuse_damaged("parts in it do not fit what is parted")
    starts = np.cumsum([0, *sizes])

    def part(number: int) -> Value:
        shape = [*value.shape[:axis], sizes[number], *value.shape[axis + 1 :]]
        first, end = int(starts[number]), int(starts[number + 1])
        return call.worked_out(
            shape, value.dtype, lambda numbers, *_sizes: np.take(numbers, range(first, end), axis)
        )

    return [part(number) for number in range(count)]


@operator("Slice")
def slice_of(call: Call) -> list[Value]:
    """A part: from a start to an end, in steps, along some axes."""
    value = call.input(0, *KEPT)
    if call.opset < 10:
        starts, ends = call.whole_list("starts", []), call.whole_list("ends", [])
        axes, steps = call.whole_list("axes"), None
    else:
        starts, ends = call.ints(1), call.ints(2)
        axes = None if call.optional(3, *WHOLE) is None else call.ints(3)
        steps = None if call.optional(4, *WHOLE) is None else call.ints(4)
    axes = list(range(len(starts))) if axes is None else axes
    steps = [1] * len(starts) if steps is None else steps
    if not len(starts) == len(ends) == len(axes) == len(steps) <= value.rank or 0 in steps:
        refuse_damaged("its operator 'Slice' has bounds that do not fit each other")
    counted = [call.axis(axis, value.rank) for axis in axes]
    call.axes(counted, value.rank)
    parts = [slice(None)] * value.rank
    for axis, start, end, step in zip(counted, starts, ends, steps, strict=True):
        parts[axis] = _slice(value.shape[axis], start, end, step)
    shape = [len(range(side)[part]) for side, part in zip(value.shape, parts, strict=True)]
    return [call.worked_out(shape, value.dtype, lambda numbers, *_bounds: numbers[tuple(parts)])]


def _slice(side: int, start: int, end: int, step: int) -> slice:
    """ONNX's bounds as Python's: those below the first count from the end, those beyond are cut."""
    if step < 0 and end < -side:
        return slice(start, None, step)
    return slice(start, end, step)


@operator("Gather")
def gather(call: Call) -> list[Value]:
    """Parts along an axis by their numbers."""
    value, index = call.input(0, *KEPT), call.input(1, *WHOLE)
    axis = call.axis(call.whole("axis", 0), value.rank)
    numbers = call.numbers(1, *WHOLE)
    side = value.shape[axis]
    if numbers.size and not (-side <= numbers.min() and numbers.max() < side):
        refuse_damaged("its operator 'Gather' takes what there is not")
    shape = [*value.shape[:axis], *index.shape, *value.shape[axis + 1 :]]
    return [call.worked_out(shape, value.dtype, lambda all_, which: np.take(all_, which, axis))]


@operator("Expand")
def expand(call: Call) -> list[Value]:
    """The same numbers over more of an axis."""
    value, wanted = call.input(0, *KEPT), call.ints(1)
    if len(wanted) > MAX_AXES or any(not 1 <= side < _MOST for side in wanted):
        refuse_damaged("a shape in it is impossible")
    try:
        shape = np.broadcast_shapes(value.shape, tuple(wanted))
    except ValueError:
        refuse_damaged("a shape in it does not fit its numbers")
    return [call.worked_out(shape, value.dtype, lambda numbers, _shape: np.broadcast_to(numbers, shape))]


@operator("Tile")
def tile(call: Call) -> list[Value]:
    """The same numbers several times along the axes."""
    value, times = call.input(0, *KEPT), call.ints(1)
    if len(times) != value.rank or any(not 1 <= each < _MOST for each in times):
        refuse_damaged("its operator 'Tile' does not fit its numbers")
    shape = [side * each for side, each in zip(value.shape, times, strict=True)]
    return [call.worked_out(shape, value.dtype, lambda numbers, _times: np.tile(numbers, times))]


@operator("ConstantOfShape")
def constant_of_shape(call: Call) -> list[Value]:
    """One number over a whole shape."""
    shape = call.ints(0)
    value = call.attribute("value", Tensor, None)
    if len(shape) > MAX_AXES or any(not 0 < side < _MOST for side in shape):
        refuse_damaged("a shape in it is impossible")
    number = np.zeros((), np.float32)
    if value is not None:
        if value.count != 1 or value.content is None or value.dtype not in KEPT:
            call.refuse("has a value that is not one number")
        number = values_of(value, value.content).reshape(-1)[0]
    return [call.worked_out(shape, str(number.dtype), lambda _shape: np.full(shape, number))]


@operator("Range")
def range_of(call: Call) -> list[Value]:
    """Numbers from a start to an end, in steps; few and whole, to work out shapes with."""
    bounds = [int(call.numbers(index, *WHOLE).reshape(-1)[0]) for index in range(3)]
    if not bounds[2]:
        refuse_damaged("its operator 'Range' has no step")
    numbers = range(*bounds)
    if not 0 < len(numbers) <= MAX_KNOWN_NUMBERS:
        call.refuse("counts from nothing, or too far")
    dtype = call.input(0, *WHOLE).dtype
    return [call.worked_out((len(numbers),), dtype, lambda *_bounds: np.array(numbers))]


@operator("Pad")
def pad(call: Call) -> list[Value]:
    """A rim of zeros or of another number, or of what lies at it."""
    value = call.input(0)
    mode = call.word("mode", "constant", ("constant", "reflect", "edge"))
    if call.opset < 11:
        pads = call.whole_list("pads", [])
        call.number("value", 0.0)
    else:
        pads = call.ints(1)
        if call.optional(2) is not None:
            call.numbers(2)
    rank = value.rank
    if call.opset >= 18 and call.optional(3, *WHOLE) is not None:
        axes = [call.axis(axis, rank) for axis in call.ints(3)]
        call.axes(axes, rank)
        if len(pads) != 2 * len(axes):
            refuse_damaged("a rim in it does not fit its input")
        given, pads = pads, [0] * (2 * rank)
        for number, axis in enumerate(axes):
            pads[axis], pads[axis + rank] = given[number], given[number + len(axes)]
    if len(pads) != 2 * rank:
        refuse_damaged("a rim in it does not fit its input")
    for axis, side in enumerate(value.shape):
        around = pads[axis], pads[axis + rank]
        if mode != "constant" and any(not 0 <= each < side for each in around):
            call.refuse("mirrors more than there is")
        if any(-each >= side or each > _MOST for each in around):
            refuse_damaged("a rim in it is impossible")
    shape = [side + pads[axis] + pads[axis + rank] for axis, side in enumerate(value.shape)]
    return [call.result(shape)]


@operator("DepthToSpace", "SpaceToDepth")
def depth_to_space(call: Call) -> list[Value]:
    """Channels become pixels beside each other, or the other way round."""
    value = call.input(0)
    side = call.whole("blocksize", 0)
    if value.rank != 4 or not 1 <= side <= 64:
        call.refuse("has blocks that do not fit its input")
    pictures, channels, height, width = value.shape
    if call.node.kind == "DepthToSpace":
        call.word("mode", "DCR", ("DCR", "CRD"))
        if channels % side**2:
            refuse_damaged("its operator 'DepthToSpace' does not fit its input")
        return [call.result((pictures, channels // side**2, height * side, width * side))]
    if height % side or width % side:
        refuse_damaged("its operator 'SpaceToDepth' does not fit its input")
    return [call.result((pictures, channels * side**2, height // side, width // side))]


_REDUCED: dict[str, Any] = {
    "ReduceMean": np.mean, "ReduceSum": np.sum, "ReduceMax": np.max, "ReduceMin": np.min,
    "ReduceProd": np.prod, "ReduceL1": None, "ReduceL2": None, "ReduceSumSquare": None,
    "ReduceLogSum": None, "ReduceLogSumExp": None,
}  # fmt: skip


@operator(*_REDUCED)
def reduce(call: Call) -> list[Value]:
    """The mean, sum, largest number and the like along some axes, or of all numbers."""
    kind = call.node.kind
    value = call.input(0, FLOAT, *WHOLE)
    named = _named_axes(call, 13 if kind == "ReduceSum" else 18)
    kept = call.whole("keepdims", 1, (0, 1))
    nothing = call.whole("noop_with_empty_axes", 0, (0, 1))
    if not named and nothing:
        call.refuse("names no axes, where engines do not agree on what that means")
    axes = call.axes(named, value.rank) if named else tuple(range(value.rank))
    shape = [1 if axis in axes else side for axis, side in enumerate(value.shape) if kept or axis not in axes]
    compute = _REDUCED[kind]
    if value.dtype == FLOAT and compute is None:
        return [call.result(shape)]
    if compute is None:
        call.refuse("computes with whole numbers")
    found = call.worked_out(shape, value.dtype, lambda numbers, *_axes: compute(numbers, axis=axes))
    if value.dtype != FLOAT and found.load is None:
        call.refuse("computes with whole numbers that depend on the picture")
    return [found]
