"""Keeping the weights of an ONNX model as halves or as bytes; it computes in float32 all the same."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from desktop_app.core.export.conversion.rounding import (
    MOST_HALF,
    WHOLE_IN_BYTES,
    WHOLE_IN_HALVES,
    in_bytes,
    nothing_smaller,
    too_large,
    worth_rounding,
)


def as_halves(proto: Any) -> None:
    """Keep most of the weights as float16, each array with a cast behind it.

    Args:
        proto: An ``onnx.ModelProto``, which is changed.

    Raises:
        CannotExport: A weight is beyond the largest number that half precision has, or nothing would become
            smaller.
    """
    from onnx import TensorProto, helper, numpy_helper

    nodes = []
    for tensor in _chosen(proto, WHOLE_IN_HALVES):
        values, name = numpy_helper.to_array(tensor), tensor.name
        if np.abs(values).max() > MOST_HALF:
            raise too_large()
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        nodes.append(
            helper.make_node("Cast", [tensor.name], [name], name=f"{name}_cast", to=TensorProto.FLOAT)
        )
    if not nodes:
        raise nothing_smaller("float16")
    _put_first(proto, nodes)


def as_bytes(proto: Any) -> None:
    """Keep the large arrays as int8, with a scale for each channel.

    Args:
        proto: An ``onnx.ModelProto``, which is changed.

    Raises:
        CannotExport: There is nothing that would become smaller.
    """
    from onnx import helper, numpy_helper

    nodes = []
    for tensor in _chosen(proto, WHOLE_IN_BYTES):
        name, rounded = tensor.name, in_bytes(numpy_helper.to_array(tensor))
        tensor.CopyFrom(numpy_helper.from_array(rounded.values, f"{name}_bytes"))
        scale = numpy_helper.from_array(rounded.scales, f"{name}_scale")
        zero = numpy_helper.from_array(np.zeros(len(rounded.scales), np.int8), f"{name}_zero")
        proto.graph.initializer.extend([scale, zero])
        inputs = [tensor.name, scale.name, zero.name]
        nodes.append(
            helper.make_node("DequantizeLinear", inputs, [name], name=f"{name}_whole", axis=rounded.axis)
        )
    if not nodes:
        raise nothing_smaller("int8")
    _put_first(proto, nodes)


def _chosen(proto: Any, whole: float) -> list[Any]:
    from onnx import TensorProto

    floats = [tensor for tensor in proto.graph.initializer if tensor.data_type == TensorProto.FLOAT]
    chosen = worth_rounding({tensor.name: math.prod(tensor.dims) for tensor in floats}, whole)
    return [tensor for tensor in floats if tensor.name in chosen]


def _put_first(proto: Any, nodes: list[Any]) -> None:
    rest = list(proto.graph.node)
    del proto.graph.node[:]
    proto.graph.node.extend([*nodes, *rest])
