"""Keeping the weights of an ONNX model as halves or as bytes; it computes in float32 all the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from desktop_app.core.export.rounding import FEWEST, in_bytes, nothing_smaller
from desktop_app.core.export.stock_network import CannotExport

_MOST_HALF = float(np.finfo(np.float16).max)


def as_halves(proto: Any) -> None:
    """Keep the large arrays as float16, each with a cast behind it.

    Args:
        proto: An ``onnx.ModelProto``, which is changed.

    Raises:
        CannotExport: A weight is beyond the largest number that half precision has, or nothing would become
            smaller.
    """
    from onnx import TensorProto, helper, numpy_helper

    nodes = []
    for tensor in _large(proto):
        values, name = numpy_helper.to_array(tensor), tensor.name
        if np.abs(values).max() > _MOST_HALF:
            raise CannotExport(
                "This model cannot be written with float16: it has weights above 65,504.", "Choose float32."
            )
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
    for tensor in _large(proto):
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


def _large(proto: Any) -> list[Any]:
    from onnx import TensorProto

    return [
        tensor
        for tensor in proto.graph.initializer
        if tensor.data_type == TensorProto.FLOAT and np.prod(tensor.dims, dtype=np.int64) >= FEWEST
    ]


def _put_first(proto: Any, nodes: list[Any]) -> None:
    rest = list(proto.graph.node)
    del proto.graph.node[:]
    proto.graph.node.extend([*nodes, *rest])
