"""Which numbers the operators work on: floating ones, or 8-bit ones that stand for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.tflite.format.advice import CONVERT_PLAINLY
from desktop_app.core.library.inspection.tflite.operators.listing import INDEXES, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.library.inspection.tflite.format.document import Tensor
    from desktop_app.core.library.inspection.tflite.operators.rule import Call, Kind, Value

BYTES = ("int8", "uint8")
"""8-bit numbers."""
_KERNEL_AXES = {"CONV_2D": 0, "DEPTHWISE_CONV_2D": 3, "FULLY_CONNECTED": 0, "TRANSPOSE_CONV": 0}
"""The axis of the outputs in each kernel, along which its scales may differ."""


def check_types(kind: Kind, call: Call, results: Sequence[Value]) -> None:
    """Check the number formats of an operator, and that 8-bit numbers say what they stand for.

    Raises:
        ModelError: They are not on the list for it.
    """
    if kind.name in _CHANGING:
        _check_change(kind, call, results[0])
        return
    weights = WEIGHTS.get(kind.name, ())
    indexes = INDEXES.get(kind.name, ())
    dtype = results[0].tensor.dtype
    if dtype != "float32" and not (dtype in BYTES and kind.whole):
        refuse(f"its operator {kind.name} works on {dtype} numbers", CONVERT_PLAINLY)
    taken = [value for place, value in enumerate(call.inputs) if place not in (*weights, *indexes)]
    for value in (*results, *taken):
        if value is not None:
            _check_like(kind, value, dtype)
    if weights:
        _check_weights(kind, call, dtype)


_CHANGING = {
    "QUANTIZE": ({"float32", *BYTES}, set(BYTES)),
    "DEQUANTIZE": ({"float16", *BYTES}, {"float32"}),
    "CAST": ({"float32", "uint8"}, {"float32"}),
}
"""Number formats that go in and come out of the operators that change them."""


def _check_change(kind: Kind, call: Call, result: Value) -> None:
    taken, given = _CHANGING[kind.name]
    one = call.value(0)
    if one.tensor.dtype not in taken or result.tensor.dtype not in given:
        refuse(
            f"its operator {kind.name} turns {one.tensor.dtype} into {result.tensor.dtype}", CONVERT_PLAINLY
        )
    if kind.name == "CAST":
        if one.tensor.quantisation is not None:
            refuse("its operator CAST gets 8-bit numbers that stand for others", CONVERT_PLAINLY)
        return
    for value in (one, result):
        if value.tensor.dtype in BYTES:
            _scale_of(value.tensor)
        elif value.tensor.dtype == "float16" and not value.stored:
            refuse("it computes with float16 numbers", CONVERT_PLAINLY)


def _check_like(kind: Kind, value: Value, dtype: str) -> None:
    tensor = value.tensor
    if tensor.dtype != dtype:
        refuse(f"its operator {kind.name} mixes {dtype} and {tensor.dtype} numbers", CONVERT_PLAINLY)
    if dtype in BYTES:
        _scale_of(tensor)


def _scale_of(tensor: Tensor) -> None:
    quantisation = tensor.quantisation
    if quantisation is None:
        refuse(f"its tensor {short(tensor.name)} does not say what its 8-bit numbers stand for")
    if len(quantisation.scales) != 1:
        refuse(f"its tensor {short(tensor.name)} has a scale for each channel", CONVERT_PLAINLY)
    low, high = (-128, 127) if tensor.dtype == "int8" else (0, 255)
    if not low <= quantisation.zero_points[0] <= high:
        refuse(f"its tensor {short(tensor.name)} is quantised with an impossible zero point")


def _check_weights(kind: Kind, call: Call, dtype: str) -> None:
    """Check kernel and bias: like the numbers that they meet, or 8-bit weights beside floating numbers."""
    kernel_at, bias_at = WEIGHTS[kind.name]
    kernel = call.value(kernel_at).tensor
    bias = call.inputs[bias_at] if bias_at < len(call.inputs) else None
    fits = {"float32": ("float32", "int8"), "int8": ("int8",), "uint8": ("uint8",)}[dtype]
    if kernel.dtype not in fits:
        refuse(f"its operator {kind.name} has {kernel.dtype} weights", CONVERT_PLAINLY)
    if kernel.dtype in BYTES and dtype == "float32" and not call.value(kernel_at).stored:
        refuse(f"its operator {kind.name} has 8-bit weights that are computed", CONVERT_PLAINLY)
    if kernel.dtype in BYTES:
        _check_kernel_scales(kind, kernel, call.shape(kernel_at))
    if bias is None:
        return
    if bias.tensor.dtype != ("float32" if dtype == "float32" else "int32"):
        refuse(f"its operator {kind.name} has a {bias.tensor.dtype} bias", CONVERT_PLAINLY)
    if dtype != "float32":
        scales = bias.tensor.quantisation
        if scales is None or len(scales.scales) not in {1, bias.size} or any(scales.zero_points):
            refuse(f"its operator {kind.name} has a bias that does not say what it stands for")


def _check_kernel_scales(kind: Kind, kernel: Tensor, shape: tuple[int, ...]) -> None:
    quantisation = kernel.quantisation
    if quantisation is None:
        refuse(f"its tensor {short(kernel.name)} does not say what its 8-bit numbers stand for")
    axis = _KERNEL_AXES[kind.name]
    several = len(quantisation.scales) > 1
    if several and (quantisation.axis != axis or len(quantisation.scales) != shape[axis]):
        refuse(f"its operator {kind.name} has scales that do not fit its weights")
    if kernel.dtype == "int8" and any(quantisation.zero_points):
        refuse(f"its operator {kind.name} has weights around another number than 0", CONVERT_PLAINLY)
