"""Keeping the weights of an OpenVINO model as bytes; it computes in float32 all the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.export.rounding import FEWEST, in_bytes, nothing_smaller


def openvino_bytes(model: Any) -> None:
    """Keep the large arrays as int8, with a scale for each channel.

    Args:
        model: An ``openvino.Model``, which is changed.

    Raises:
        CannotExport: There is nothing that would become smaller.
    """
    operators = load_openvino().opset13
    changed = 0
    for node in list(model.get_ops()):
        if node.get_type_name() != "Constant" or node.get_element_type().get_type_name() != "f32":
            continue
        weights = np.array(node.data)
        if weights.size < FEWEST or weights.ndim < 1:
            continue
        rounded = in_bytes(weights)
        shape = [1] * weights.ndim
        shape[rounded.axis] = -1
        whole = operators.convert(operators.constant(rounded.values), "f32")
        scaled = operators.multiply(whole, operators.constant(rounded.scales.reshape(shape)))
        node.output(0).replace(scaled.output(0))
        changed += 1
    if not changed:
        raise nothing_smaller("int8")
