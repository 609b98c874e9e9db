"""Keeping the weights of an ONNX model as halves or as bytes; it computes in float32 all the same."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.export.conversion.rounding import (
    WHOLE_IN_BYTES,
    WHOLE_IN_HALVES,
    in_bytes,
    in_halves,
    nothing_smaller,
    worth_rounding,
)

if TYPE_CHECKING:
    from desktop_app.core.export.conversion.onnx_file import OnnxFile


def as_halves(file: OnnxFile) -> None:
    """Keep most of the weights as float16, each array with a cast behind it.

    Args:
        file: The model, which is changed.

    Raises:
        CannotExport: A weight is beyond the largest number that half precision has, or nothing would become
            smaller.
    """
    from onnx import TensorProto, helper

    nodes = []
    for name in _chosen(file, WHOLE_IN_HALVES, "float16"):
        half = f"{name}_half"
        file.hold(half, in_halves(file.arrays[name]))
        file.drop(name)
        nodes.append(helper.make_node("Cast", [half], [name], name=f"{name}_cast", to=TensorProto.FLOAT))
    _put_first(file, nodes)


def as_bytes(file: OnnxFile) -> None:
    """Keep the large arrays as int8, with a scale for each channel.

    Args:
        file: The model, which is changed.

    Raises:
        CannotExport: There is nothing that would become smaller.
    """
    from onnx import helper, numpy_helper

    nodes = []
    for name in _chosen(file, WHOLE_IN_BYTES, "int8"):
        rounded = in_bytes(file.arrays[name])
        values, scale, zero = f"{name}_bytes", f"{name}_scale", f"{name}_zero"
        file.hold(values, rounded.values)
        file.drop(name)
        zeros = np.zeros(len(rounded.scales), np.int8)
        file.proto.graph.initializer.extend(
            [numpy_helper.from_array(rounded.scales, scale), numpy_helper.from_array(zeros, zero)]
        )
        nodes.append(
            helper.make_node(
                "DequantizeLinear", [values, scale, zero], [name], name=f"{name}_whole", axis=rounded.axis
            )
        )
    _put_first(file, nodes)


def _chosen(file: OnnxFile, whole: float, precision: str) -> list[str]:
    """Names of the arrays that are rounded."""
    from onnx import TensorProto

    small = {
        tensor.name: math.prod(tensor.dims)
        for tensor in file.proto.graph.initializer
        if tensor.data_type == TensorProto.FLOAT
    }
    large = {name: values.size for name, values in file.arrays.items() if values.dtype == np.float32}
    chosen = worth_rounding(small | large, whole) & large.keys()
    if not chosen:
        raise nothing_smaller(precision)
    return [name for name in large if name in chosen]


def _put_first(file: OnnxFile, nodes: list[Any]) -> None:
    graph = file.proto.graph
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *rest])
