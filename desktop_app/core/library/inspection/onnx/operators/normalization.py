"""Normalisations, products of matrices and the softmax."""

from __future__ import annotations

from desktop_app.core.library.inspection.onnx.file.refusing import refuse_damaged
from desktop_app.core.library.inspection.onnx.operators.call import Call, Value, broadcast, operator


def _per_channel(call: Call, value: Value, first: int, last: int) -> None:
    for index in range(first, last + 1):
        if call.input(index).shape != (value.shape[1],):
            refuse_damaged("a normalisation of it has numbers for another number of channels")


def _epsilon(call: Call, default: float = 1e-5) -> None:
    if not 0 <= call.number("epsilon", default) <= 1:
        call.refuse("has an epsilon that is not from 0 to 1")


@operator("BatchNormalization")
def batch_normalization(call: Call) -> list[Value]:
    """The normalisation by stored means and variances."""
    value = call.input(0)
    if value.rank < 2:
        call.refuse("has an input without channels")
    _per_channel(call, value, 1, 4)
    _epsilon(call)
    call.number("momentum", 0.9)
    call.whole("spatial", 1, (1,))
    call.whole("training_mode", 0, (0,))
    call.outputs(1)
    return [call.result(value.shape)]


@operator("InstanceNormalization")
def instance_normalization(call: Call) -> list[Value]:
    """The normalisation of each channel of a picture."""
    value = call.input(0)
    if value.rank not in (3, 4):
        call.refuse("has an input that is not a picture")
    _per_channel(call, value, 1, 2)
    _epsilon(call)
    return [call.result(value.shape)]


@operator("GroupNormalization")
def group_normalization(call: Call) -> list[Value]:
    """The normalisation of groups of channels; the scale is one for each channel since opset 21."""
    value = call.input(0)
    groups = call.whole("num_groups", 0)
    call.whole("stash_type", 1, (1,))
    _epsilon(call)
    if value.rank not in (3, 4) or groups < 1 or value.shape[1] % groups:
        call.refuse("has groups that do not fit its input")
    wanted = groups if call.opset < 21 else value.shape[1]
    if any(call.input(index).shape != (wanted,) for index in (1, 2)):
        refuse_damaged("a normalisation of it has numbers for another number of groups")
    return [call.result(value.shape)]


@operator("LayerNormalization")
def layer_normalization(call: Call) -> list[Value]:
    """The normalisation over the last axes."""
    value = call.input(0)
    axis = call.axis(call.whole("axis", -1), value.rank)
    call.whole("stash_type", 1, (1,))
    _epsilon(call)
    call.outputs(1)
    for other in (call.input(1), call.optional(2)):
        if other is not None and other.shape != value.shape[axis:]:
            call.refuse("has a scale of another shape than the axes that it normalises")
    return [call.result(value.shape)]


@operator("LRN")
def lrn(call: Call) -> list[Value]:
    """Local response normalisation."""
    value = call.input(0)
    call.number("alpha", 0.0001)
    call.number("beta", 0.75)
    if call.number("bias", 1.0) <= 0:
        call.refuse("has a bias that is not positive")
    if not call.number("bias", 1.0).is_integer():
        call.differs("a bias that is no whole number")
    size = call.whole("size", 0)
    if value.rank != 4 or not 1 <= size <= 4096 or size % 2 == 0:
        call.refuse("has a window that does not fit its input")
    call.operations = value.count * size
    return [call.result(value.shape)]


@operator("LpNormalization")
def lp_normalization(call: Call) -> list[Value]:
    """The division by the length along an axis."""
    value = call.input(0)
    call.axis(call.whole("axis", -1), value.rank)
    call.whole("p", 2, (1, 2))
    return [call.result(value.shape)]


@operator("Softmax", "LogSoftmax")
def softmax(call: Call) -> list[Value]:
    """Probabilities along an axis; before opset 13 along all axes from one on.

    For opset 11 and 12 OpenVINO takes the one axis alone.
    """
    value = call.input(0)
    axis = call.axis(call.whole("axis", 1 if call.opset < 13 else -1), value.rank)
    several = call.opset < 13 and any(side > 1 for side in value.shape[axis + 1 :])
    if several and call.node.kind == "Softmax" and call.opset > 10:
        call.differs("several axes, as before opset 13")
    return [call.result(value.shape)]


@operator("Gemm")
def gemm(call: Call) -> list[Value]:
    """A product of two matrices and a sum."""
    one, other, added = call.input(0), call.input(1), call.optional(2)
    call.number("alpha", 1.0)
    call.number("beta", 1.0)
    turned = call.whole("transA", 0, (0, 1)), call.whole("transB", 0, (0, 1))
    if one.rank != 2 or other.rank != 2:
        call.refuse("has an input that is not a matrix")
    rows, inner = one.shape[::-1] if turned[0] else one.shape
    again, columns = other.shape[::-1] if turned[1] else other.shape
    if inner != again:
        refuse_damaged("matrices in it do not fit each other")
    result = call.result((rows, columns))
    if added is not None and broadcast(call, [result, added]) != result.shape:
        refuse_damaged("matrices in it do not fit each other")
    call.operations = result.count * inner
    return [result]


@operator("MatMul")
def matmul(call: Call) -> list[Value]:
    """A product of matrices, or of stacks of them."""
    one, other = call.input(0), call.input(1)
    if one.rank < 2 or other.rank < 2:
        call.refuse("has an input that is not a matrix")
    if one.shape[-1] != other.shape[-2]:
        refuse_damaged("matrices in it do not fit each other")
    stacks = [Value(one.dtype, one.shape[:-2]), Value(other.dtype, other.shape[:-2])]
    result = call.result((*broadcast(call, stacks), one.shape[-2], other.shape[-1]))
    call.operations = result.count * one.shape[-1]
    return [result]
