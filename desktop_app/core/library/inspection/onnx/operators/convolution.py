"""Convolutions and pooling."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.onnx.file.refusing import refuse_damaged
from desktop_app.core.library.inspection.onnx.operators.call import Call, Value, operator

if TYPE_CHECKING:
    from collections.abc import Sequence

_AUTO_PADS = ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")
_MOST = 4096
"""Size of a window, a step or a rim, at most: a picture has no more pixels along a side."""


def _window(call: Call, kernel: Sequence[int]) -> tuple[str, list[int], list[int], list[int]]:
    """Kind of padding, steps, dilations and the pads at the start and end of each axis."""
    count = len(kernel)
    auto = call.word("auto_pad", "NOTSET", _AUTO_PADS)
    strides = call.whole_list("strides", [1] * count, count)
    dilations = call.whole_list("dilations", [1] * count, count)
    pads = call.whole_list("pads", [0] * 2 * count, 2 * count)
    if any(not 1 <= side <= _MOST for side in (*kernel, *strides, *dilations)):
        refuse_damaged("a window of it has no size")
    if any(not 0 <= pad <= _MOST for pad in pads):
        call.refuse("has pads below 0 or above 4,096")
    if auto != "NOTSET" and any(pads):
        call.refuse("has both pads and auto_pad")
    return auto, strides, dilations, pads


def _sides(
    sides: Sequence[int], kernel: Sequence[int], window: tuple[str, list[int], list[int], list[int]]
) -> list[int]:
    """Sizes after a window has gone over them."""
    auto, strides, dilations, pads = window
    found = []
    for axis, side in enumerate(sides):
        span = dilations[axis] * (kernel[axis] - 1) + 1
        if auto.startswith("SAME"):
            found.append(-(-side // strides[axis]))
        else:
            padded = side + pads[axis] + pads[axis + len(sides)]
            found.append((padded - span) // strides[axis] + 1)
    return found


@operator("Conv")
def conv(call: Call) -> list[Value]:
    """A convolution along one or two axes, in groups or not."""
    value, weights, bias = call.input(0), call.input(1), call.optional(2)
    group = call.whole("group", 1)
    if value.rank not in (3, 4) or weights.rank != value.rank:
        call.refuse("is not a convolution along one or two axes")
    kernel = list(weights.shape[2:])
    if call.whole_list("kernel_shape", kernel) != kernel:
        refuse_damaged("a convolution of it has weights of another size")
    maps, channels = weights.shape[:2]
    if group < 1 or value.shape[1] != channels * group or maps % group:
        refuse_damaged("a convolution of it has weights for another number of channels")
    if bias is not None and bias.shape != (maps,):
        refuse_damaged("a convolution of it has a bias of another size")
    window = _window(call, kernel)
    if window[0].startswith("SAME") and any(side > 1 for side in window[2]):
        call.differs("auto_pad with dilations")
    sides = _sides(value.shape[2:], kernel, window)
    result = call.result((value.shape[0], maps, *sides))
    call.operations = result.count * channels * math.prod(kernel)
    return [result]


@operator("ConvTranspose")
def conv_transpose(call: Call) -> list[Value]:
    """A convolution that makes its input larger."""
    value, weights, bias = call.input(0), call.input(1), call.optional(2)
    group = call.whole("group", 1)
    if value.rank not in (3, 4) or weights.rank != value.rank:
        call.refuse("is not a convolution along one or two axes")
    kernel = list(weights.shape[2:])
    count = len(kernel)
    if call.whole_list("kernel_shape", kernel) != kernel:
        refuse_damaged("a convolution of it has weights of another size")
    if group < 1 or value.shape[1] != weights.shape[0] or weights.shape[0] % group:
        refuse_damaged("a convolution of it has weights for another number of channels")
    maps = weights.shape[1] * group
    if bias is not None and bias.shape != (maps,):
        refuse_damaged("a convolution of it has a bias of another size")
    auto, strides, dilations, pads = _window(call, kernel)
    if auto != "NOTSET":
        call.refuse(f"has auto_pad {auto}")
    if call.whole_list("output_shape") is not None:
        call.refuse("has output_shape")
    more = call.whole_list("output_padding", [0] * count, count)
    if any(
        not 0 <= each < max(step, dilation)
        for each, step, dilation in zip(more, strides, dilations, strict=True)
    ):
        refuse_damaged("a convolution of it has an impossible output_padding")
    sides = [
        strides[axis] * (side - 1)
        + more[axis]
        + dilations[axis] * (kernel[axis] - 1)
        + 1
        - pads[axis]
        - pads[axis + count]
        for axis, side in enumerate(value.shape[2:])
    ]
    result = call.result((value.shape[0], maps, *sides))
    call.operations = value.count * weights.shape[1] * math.prod(kernel)
    return [result]


@operator("MaxPool", "AveragePool")
def pool(call: Call) -> list[Value]:
    """The largest number or the mean of each window."""
    value = call.input(0)
    if value.rank not in (3, 4):
        call.refuse("is not pooling along one or two axes")
    kernel = call.whole_list("kernel_shape", [0] * (value.rank - 2), value.rank - 2)
    window = _window(call, kernel)
    auto, strides, dilations, pads = window
    ceil = call.whole("ceil_mode", 0, (0, 1))
    call.outputs(1)
    if any(side > 1 for side in dilations):
        call.differs("dilations")
    inside = 0
    if call.node.kind == "MaxPool":
        call.whole("storage_order", 0, (0, 1))
    else:
        inside = call.whole("count_include_pad", 0, (0, 1))
    sides = value.shape[2:]
    count = len(sides)
    if any(pads[axis] >= kernel[axis] or pads[axis + count] >= kernel[axis] for axis in range(count)):
        call.refuse("has a rim as wide as its window")
    found = _sides(sides, kernel, window)
    if ceil and auto == "NOTSET":
        for axis, side in enumerate(sides):
            padded = side + pads[axis] + pads[axis + count]
            rounded = -(-(padded - kernel[axis]) // strides[axis]) + 1
            if rounded == found[axis]:
                continue
            if (rounded - 1) * strides[axis] >= side + pads[axis]:
                call.differs("ceil_mode with a last window that lies outside of its input")
            if inside and any(pads):
                call.differs("ceil_mode and count_include_pad")
            found[axis] = rounded
    if auto.startswith("SAME") and inside:
        call.differs("auto_pad and count_include_pad")
    result = call.result((*value.shape[:2], *found))
    call.operations = result.count * math.prod(kernel) // 4
    return [result]


@operator("GlobalAveragePool", "GlobalMaxPool")
def global_pool(call: Call) -> list[Value]:
    """The largest number or the mean of each channel."""
    value = call.input(0)
    if value.rank not in (3, 4):
        call.refuse("is not pooling along one or two axes")
    return [call.result((*value.shape[:2], *([1] * (value.rank - 2))))]
