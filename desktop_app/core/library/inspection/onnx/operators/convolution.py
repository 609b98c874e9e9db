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


_Window = tuple[str, list[int], list[int], list[int]]


def _window(call: Call, kernel: Sequence[int]) -> _Window:
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


def _sides(sides: Sequence[int], kernel: Sequence[int], window: _Window) -> list[int]:
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
        call.refuse("has auto_pad with dilations, which ONNX Runtime does not compute")
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
    if auto.startswith("SAME"):
        call.differs(f"auto_pad {auto}")
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
    pads, sides = window[3], value.shape[2:]
    ceil = call.whole("ceil_mode", 0, (0, 1))
    call.outputs(1)
    inside = 0
    if call.node.kind == "MaxPool":
        call.whole("storage_order", 0, (0, 1))
    else:
        inside = call.whole("count_include_pad", 0, (0, 1))
    spans = [dilation * (side - 1) + 1 for side, dilation in zip(kernel, window[2], strict=True)]
    if any(pads[axis] >= spans[axis] or pads[axis + len(sides)] >= spans[axis] for axis in range(len(sides))):
        call.refuse("has a rim as wide as its window")
    found = _sides(sides, kernel, window)
    if window[0].startswith("SAME"):
        steps = zip(sides, found, spans, window[1], strict=True)
        if any((count - 1) * step + span < side for side, count, span, step in steps):
            call.refuse("has auto_pad with steps longer than its window, which ONNX Runtime does not compute")
    elif ceil and window[0] == "NOTSET":
        found = [
            _rounded_up(call, sides[axis], spans[axis], axis, window, inside=bool(inside))
            for axis in range(len(sides))
        ]
    result = call.result((*value.shape[:2], *found))
    call.operations = result.count * math.prod(kernel) // 4
    return [result]


def _rounded_up(call: Call, side: int, span: int, axis: int, window: _Window, *, inside: bool) -> int:
    """Size along an axis where the last window may reach over the rim."""
    _auto, strides, _dilations, pads = window
    over = side + pads[axis] + pads[axis + len(strides)] - span
    down, up = over // strides[axis] + 1, -(-over // strides[axis]) + 1
    if up == down:
        return down
    if (up - 1) * strides[axis] >= side + pads[axis]:
        if call.node.kind == "MaxPool":
            call.differs("ceil_mode with a last window that lies outside of its input")
        return down
    if inside:
        call.differs("ceil_mode and count_include_pad")
    return up


@operator("GlobalAveragePool", "GlobalMaxPool")
def global_pool(call: Call) -> list[Value]:
    """The largest number or the mean of each channel."""
    value = call.input(0)
    if value.rank not in (3, 4):
        call.refuse("is not pooling along one or two axes")
    return [call.result((*value.shape[:2], *([1] * (value.rank - 2))))]
