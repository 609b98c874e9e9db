"""Convolutions, pooling and products of matrices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.tflite.operators.rule import FUSED, Call, Field, Kind

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.tflite.operators.rule import Shape

_SAME = 0
_MAX_STEP = 4096
_PADDING = Field(0, "b", 0, (0, 1))
_BIAS_TYPES = (0, 2)
"""float32, which stands for "not said", and int32."""


def _length(call: Call, side: int, window: int, stride: int, dilation: int = 1) -> int:
    """Outputs along a side, after ``ComputeOutSize`` of TensorFlow Lite."""
    if not (1 <= stride <= _MAX_STEP and 1 <= dilation <= _MAX_STEP and window >= 1):
        call.refuse("has an impossible stride, dilation or window")
    if call.option("padding") == _SAME:
        return -(-side // stride)
    found = -(-(side - (window - 1) * dilation) // stride)
    if found < 1:
        call.refuse("has a window that is larger than its input")
    return found


def _bias(call: Call, index: int, outputs: int) -> None:
    if len(call.inputs) > index and call.inputs[index] is not None:
        bias = call.value(index)
        if bias.size != outputs or not bias.known:
            call.refuse("has a bias that does not fit")


def _convolution(call: Call) -> list[Shape]:
    batch, height, width, channels = call.picture()
    outputs, rows, columns, taken = call.picture(1)
    if not call.value(1).known or taken != channels or outputs < 1:
        call.refuse("has a kernel that does not fit, or that depends on the picture")
    _bias(call, 2, outputs)
    return [
        (
            batch,
            _length(call, height, rows, call.option("stride_h"), call.option("dilation_h")),
            _length(call, width, columns, call.option("stride_w"), call.option("dilation_w")),
            outputs,
        )
    ]


def _depthwise(call: Call) -> list[Shape]:
    batch, height, width, channels = call.picture()
    one, rows, columns, outputs = call.picture(1)
    if not call.value(1).known or one != 1 or channels < 1 or outputs % channels or outputs < channels:
        call.refuse("has a kernel that does not fit, or that depends on the picture")
    if call.option("multiplier") not in {0, outputs // channels}:
        call.refuse("has a multiplier that does not fit")
    _bias(call, 2, outputs)
    return [
        (
            batch,
            _length(call, height, rows, call.option("stride_h"), call.option("dilation_h")),
            _length(call, width, columns, call.option("stride_w"), call.option("dilation_w")),
            outputs,
        )
    ]


def _transposed(call: Call) -> list[Shape]:
    shape = call.whole(0)
    outputs, rows, columns, taken = call.picture(1)
    batch, height, width, channels = call.picture(2)
    if not call.value(1).known or taken != channels:
        call.refuse("has a kernel that does not fit, or that depends on the picture")
    _bias(call, 3, outputs)
    if len(shape) != 4 or shape[0] != batch or shape[3] != outputs:
        call.refuse("gives another shape than it says")
    for found, side, window, stride in (
        (shape[1], height, rows, call.option("stride_h")),
        (shape[2], width, columns, call.option("stride_w")),
    ):
        if _length(call, found, window, stride) != side:
            call.refuse("gives another shape than it says")
    return [shape]


def _pool(call: Call) -> list[Shape]:
    batch, height, width, channels = call.picture()
    return [
        (
            batch,
            _length(call, height, call.option("height"), call.option("stride_h")),
            _length(call, width, call.option("width"), call.option("stride_w")),
            channels,
        )
    ]


def _dense(call: Call) -> list[Shape]:
    shape = call.shape()
    kernel = call.shape(1)
    if not call.value(1).known or len(kernel) != 2 or not shape:
        call.refuse("has weights that do not fit, or that depend on the picture")
    outputs, taken = kernel
    _bias(call, 2, outputs)
    if call.option("keep_dimensions"):
        if shape[-1] != taken:
            call.refuse("has weights that do not fit")
        return [(*shape[:-1], outputs)]
    if taken < 1 or math.prod(shape) % taken:
        call.refuse("has weights that do not fit")
    return [(math.prod(shape) // taken, outputs)]


def _product(call: Call) -> list[Shape]:
    one, other = call.shape(0), call.shape(1)
    if len(one) < 2 or len(one) != len(other) or one[:-2] != other[:-2]:
        call.refuse("multiplies what does not fit")
    rows, inner = one[-1:-3:-1] if call.option("adjoint_x") else one[-2:]
    again, columns = other[-1:-3:-1] if call.option("adjoint_y") else other[-2:]
    if inner != again:
        call.refuse("multiplies what does not fit")
    return [(*one[:-2], rows, columns)]


def _kernel_work(call: Call, shape: Shape) -> int:
    return math.prod(shape) * math.prod(call.shape(1)[1:])


def _depthwise_work(call: Call, shape: Shape) -> int:
    return math.prod(shape) * math.prod(call.shape(1)[1:3])


def _transposed_work(call: Call, _shape: Shape) -> int:
    return call.value(2).size * math.prod(call.shape(1)[:3])


def _window_work(call: Call, shape: Shape) -> int:
    return math.prod(shape) * call.option("height") * call.option("width")


def _product_work(call: Call, shape: Shape) -> int:
    one = call.shape(0)
    return math.prod(shape) * (one[-2] if call.option("adjoint_x") else one[-1])


_STRIDES = {"padding": _PADDING, "stride_w": Field(1, "i"), "stride_h": Field(2, "i")}
_WINDOW = {
    **_STRIDES,
    "width": Field(3, "i"),
    "height": Field(4, "i"),
    "activation": Field(5, "b", 0, FUSED),
}

KINDS = (
    Kind(3, "CONV_2D", _convolution, 1, {
        **_STRIDES, "activation": Field(3, "b", 0, FUSED), "dilation_w": Field(4, "i", 1),
        "dilation_h": Field(5, "i", 1), "bias_type": Field(6, "b", 0, _BIAS_TYPES),
    }, (2, 3), work=_kernel_work),
    Kind(4, "DEPTHWISE_CONV_2D", _depthwise, 2, {
        **_STRIDES, "multiplier": Field(3, "i"), "activation": Field(4, "b", 0, FUSED),
        "dilation_w": Field(5, "i", 1), "dilation_h": Field(6, "i", 1),
    }, (2, 3), work=_depthwise_work),
    # OpenVINO 2026.4 passes over an activation here.
    Kind(67, "TRANSPOSE_CONV", _transposed, 49, {
        **_STRIDES, "activation": Field(3, "b", 0, (0,)), "bias_type": Field(4, "b", 0, _BIAS_TYPES),
    }, (3, 4), work=_transposed_work),
    Kind(1, "AVERAGE_POOL_2D", _pool, 5, _WINDOW, work=_window_work),
    Kind(17, "MAX_POOL_2D", _pool, 5, _WINDOW, work=_window_work),
    Kind(9, "FULLY_CONNECTED", _dense, 8, {
        "activation": Field(0, "b", 0, FUSED), "weights_format": Field(1, "b", 0, (0,)),
        "keep_dimensions": Field(2, "flag"), "asymmetric": Field(3, "flag"),
        "bias_type": Field(4, "b", 0, _BIAS_TYPES),
    }, (2, 3), work=_kernel_work),
    Kind(126, "BATCH_MATMUL", _product, 101, {
        "adjoint_x": Field(0, "flag"), "adjoint_y": Field(1, "flag"), "asymmetric": Field(2, "flag"),
    }, (2, 2), whole=False, work=_product_work),
)  # fmt: skip
