"""Keeping the weights of an OpenVINO model as halves or bytes; it computes in float32 all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.export.conversion.rounding import (
    MOST_HALF,
    WHOLE_IN_BYTES,
    WHOLE_IN_HALVES,
    in_bytes,
    nothing_smaller,
    too_large,
    worth_rounding,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


def openvino_halves(model: Any) -> None:
    """Keep most of the weights as float16.

    OpenVINO's own way halves all arrays, and makes the largest number that half precision has of larger ones.

    Args:
        model: An ``openvino.Model``, which is changed.

    Raises:
        CannotExport: A weight is beyond that number, or nothing would become smaller.
    """
    operators = load_openvino().opset13
    chosen = _chosen(model, WHOLE_IN_HALVES)
    if not chosen:
        raise nothing_smaller("float16")
    for node, weights in chosen:
        if np.abs(weights).max() > MOST_HALF:
            raise too_large()
        whole = operators.convert(operators.constant(weights.astype(np.float16)), "f32")
        node.output(0).replace(whole.output(0))


def openvino_bytes(model: Any) -> None:
    """Keep the large arrays as int8, with a scale for each channel.

    Args:
        model: An ``openvino.Model``, which is changed.

    Raises:
        CannotExport: There is nothing that would become smaller.
    """
    operators = load_openvino().opset13
    chosen = _chosen(model, WHOLE_IN_BYTES)
    if not chosen:
        raise nothing_smaller("int8")
    for node, weights in chosen:
        rounded = in_bytes(weights)
        shape = [1] * weights.ndim
        shape[rounded.axis] = -1
        whole = operators.convert(operators.constant(rounded.values), "f32")
        scaled = operators.multiply(whole, operators.constant(rounded.scales.reshape(shape)))
        node.output(0).replace(scaled.output(0))


def _chosen(model: Any, whole: float) -> list[tuple[Any, NDArray[np.float32]]]:
    """The arrays of float32 that are worth it, each with the node that holds it."""
    floats = {
        node.get_friendly_name(): (node, np.array(node.data))
        for node in model.get_ops()
        if node.get_type_name() == "Constant"
        and node.get_element_type().get_type_name() == "f32"
        and len(node.get_output_shape(0))
    }
    chosen = worth_rounding({name: weights.size for name, (_node, weights) in floats.items()}, whole)
    return [floats[name] for name in sorted(chosen)]
