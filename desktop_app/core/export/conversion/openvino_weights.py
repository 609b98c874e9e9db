"""Keeping the weights of an OpenVINO model as halves or bytes; it computes in float32 all the same."""

from __future__ import annotations

import math
from typing import Any

from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.export.conversion.rounding import (
    WHOLE_IN_BYTES,
    WHOLE_IN_HALVES,
    in_bytes,
    in_halves,
    nothing_smaller,
    worth_rounding,
)


def openvino_halves(model: Any) -> None:
    """Keep most of the weights as float16.

    OpenVINO's own way halves all arrays, and makes the largest number that half precision has of larger ones.

    Args:
        model: An ``openvino.Model``, which is changed.

    Raises:
        CannotExport: A weight is beyond that number, or nothing would become smaller.
    """
    operators = load_openvino().opset13
    for node in _chosen(model, WHOLE_IN_HALVES, "float16"):
        whole = operators.convert(operators.constant(in_halves(node.data)), "f32")
        node.output(0).replace(whole.output(0))


def openvino_bytes(model: Any) -> None:
    """Keep the large arrays as int8, with a scale for each channel.

    Args:
        model: An ``openvino.Model``, which is changed.

    Raises:
        CannotExport: There is nothing that would become smaller.
    """
    operators = load_openvino().opset13
    for node in _chosen(model, WHOLE_IN_BYTES, "int8"):
        rounded = in_bytes(node.data)
        shape = [1] * len(node.shape)
        shape[rounded.axis] = -1
        whole = operators.convert(operators.constant(rounded.values), "f32")
        scaled = operators.multiply(whole, operators.constant(rounded.scales.reshape(shape)))
        node.output(0).replace(scaled.output(0))


def _chosen(model: Any, whole: float, precision: str) -> list[Any]:
    """The nodes that hold the arrays of float32 that are worth it."""
    floats = {
        node.get_friendly_name(): node
        for node in model.get_ops()
        if node.get_type_name() == "Constant"
        and node.get_element_type().get_type_name() == "f32"
        and len(node.get_output_shape(0))
    }
    sizes = {name: math.prod(node.get_output_shape(0)) for name, node in floats.items()}
    chosen = worth_rounding(sizes, whole)
    if not chosen:
        raise nothing_smaller(precision)
    return [floats[name] for name in sorted(chosen)]
