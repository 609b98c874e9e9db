"""What a network's outputs are: read off the operators that they come from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.onnx.file.refusing import refuse_onnx
from desktop_app.core.library.inspection.result.meaning import Meaning

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.onnx.file.records import Network, Node
    from desktop_app.core.library.inspection.onnx.operators.call import Value
    from desktop_app.core.networks.outputs import OutputKind

_PASSING = {"Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Dropout", "Cast"}
_SCALING = {"Div", "Mul"}
"""By a constant: the mean of two, a temperature."""
_PLAIN = {
    "Gemm", "MatMul", "Conv", "Add", "Sub", "GlobalAveragePool", "AveragePool", "ReduceMean",
    "BatchNormalization",
}  # fmt: skip
"""What the last layer without an activation ends in."""
_FEATURES = {
    "Relu", "Tanh", "LeakyRelu", "Elu", "Selu", "PRelu", "HardSwish", "LpNormalization", "Div", "Clip", "Mul",
    "LayerNormalization", "Softplus", "Gelu",
}  # fmt: skip
_MOST = 100


def kind_of(network: Network, values: dict[str, Value], output: str) -> tuple[OutputKind, str]:
    """Find the operator that makes a network's output.

    Returns:
        What the output is, and the operator's kind.
    """
    producers = {name: node for node in network.nodes for name in node.outputs if name}
    node, scaled = producers.get(output), False
    for _ in range(_MOST):
        if node is None:
            break
        source = _before(node, values)
        if not source:
            break
        scaled = scaled or node.kind in _SCALING
        node = producers.get(source)
    if node is None:
        return "unknown", ""
    kind = _kind(node, network.opset, values, output)
    return "unknown" if scaled and kind != "logits" else kind, node.kind


def _before(node: Node, values: dict[str, Value]) -> str:
    """The input of an operator whose result means what its input does; empty for all others."""
    if node.kind in _PASSING:
        return node.inputs[0]
    if node.kind in _SCALING and len(node.inputs) == 2 and values[node.inputs[1]].fixed:
        return node.inputs[0]
    return ""


def _kind(node: Node, opset: int, values: dict[str, Value], output: str) -> OutputKind:
    match node.kind:
        case "Softmax" | "LogSoftmax":
            if _side(node, opset, values) != values[output].count:
                return "unknown"
            return "softmax" if node.kind == "Softmax" else "logits"
        case "Sigmoid" | "HardSigmoid":
            return "sigmoid"
    return "logits" if node.kind in _PLAIN else "unknown"


def _side(node: Node, opset: int, values: dict[str, Value]) -> int:
    """Numbers that a softmax makes sum to 1."""
    axis = node.attributes.get("axis", 1 if opset < 13 else -1)
    sides = values[node.inputs[0]].shape
    return math.prod(sides[int(axis) :]) if opset < 13 else sides[int(axis)]


def meaning_of(outputs: int, kind: OutputKind, operator: str) -> Meaning:
    """Find out what outputs may be for; an ONNX file says nothing about the training.

    Args:
        outputs: Their number.
        kind: What they are.
        operator: The kind of operator that they come from.

    Raises:
        ModelError: They are the same for every picture.
    """
    if kind == "softmax" and outputs == 1:
        refuse_onnx(
            "its one output ends in a softmax, which makes it 1 for every picture",
            "Train it with two outputs, or with a sigmoid instead.",
        )
    if kind == "softmax" or operator == "LogSoftmax":
        return Meaning(("classification",))
    if kind == "sigmoid":
        return _of_sigmoids(outputs)
    if operator in _FEATURES:
        reason = f"Its outputs end in {operator}, as features do."
        return Meaning(("embedding", "regression", "classification"), reason)
    reason = "Its last layer has no activation, and an ONNX file does not say what its numbers are."
    if kind == "unknown":
        reason = f"Its outputs end in {operator or 'nothing that tells'}, which leaves open what they are."
    if outputs == 1:
        return Meaning(("regression", "classification"), reason)
    return Meaning(("classification", "multi-label", "regression", "embedding"), reason)


def _of_sigmoids(outputs: int) -> Meaning:
    if outputs == 1:
        return Meaning(("classification", "regression"), "Its one output lies between 0 and 1.")
    reason = f"Each of its {outputs} outputs is a sigmoid of its own."
    return Meaning(("multi-label", "classification", "regression"), reason)
