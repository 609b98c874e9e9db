"""scikit-learn's own operators, written as operators that OpenVINO reads.

OpenVINO knows neither of them. What they compute is said in
https://onnx.ai/onnx/operators/index.html#ai-onnx-ml: a linear model is a product of matrices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.library.inspection.onnx.file.parsing import ML_DOMAIN
from desktop_app.core.library.inspection.onnx.file.records import Node, Tensor
from desktop_app.core.library.inspection.onnx.file.refusing import refuse_damaged, refuse_onnx

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.library.inspection.onnx.file.records import Network

_LEAST = 1e-30
"""Divisor of a row of zeros, which stays one."""
_ENDS = {"NONE": None, "": None, "SOFTMAX": "Softmax", "LOGISTIC": "Sigmoid"}


def rewrite(network: Network) -> None:
    """Replace the operators of a linear model; those that are left are refused later, by name.

    Raises:
        ModelError: One of them has attributes that do not fit.
    """
    rewritten: list[Node] = []
    for node in network.nodes:
        if node.domain != ML_DOMAIN or node.kind not in _REWRITERS or not node.inputs or not node.outputs:
            rewritten.append(node)
        else:
            rewritten += _REWRITERS[node.kind](network, node)
    network.nodes = rewritten


def _numbers(node: Node, name: str, count: int | None = None) -> NDArray[np.float32]:
    value = node.attributes.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, (int, float)) for each in value):
        refuse_damaged(f"the attribute {name} of its operator '{node.kind}'")
    if count is not None and len(value) not in (1, count):
        refuse_damaged(f"the attribute {name} of its operator '{node.kind}'")
    return np.array(value, np.float32)


def _kept(network: Network, name: str, numbers: NDArray[Any]) -> str:
    if name in network.tensors:
        refuse_damaged(f"it has '{name[:60]}' twice")
    dtype = str(numbers.dtype)
    content = numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()
    network.tensors[name] = Tensor(name, dtype, numbers.shape, 0, content)
    return name


def _scaler(network: Network, node: Node) -> list[Node]:
    """``(x - offset) * scale``."""
    result = node.outputs[0]
    offset = _kept(network, f"{result}/offset", _numbers(node, "offset"))
    scale = _kept(network, f"{result}/scale", _numbers(node, "scale"))
    moved = f"{result}/moved"
    return [
        Node("Sub", "", f"{node.name}/offset", (node.inputs[0], offset), (moved,), {}),
        Node("Mul", "", f"{node.name}/scale", (moved, scale), (result,), {}),
    ]


def _linear(network: Network, node: Node) -> list[Node]:
    """``x @ coefficients.T + intercepts``, and what makes probabilities of it; the label goes."""
    labels = node.attributes.get("classlabels_strings") or node.attributes.get("classlabels_ints") or []
    coefficients = _numbers(node, "coefficients")
    classes = len(labels) if isinstance(labels, list) else 0
    intercepts = _numbers(node, "intercepts", classes)
    end = node.attributes.get("post_transform", b"NONE")
    name = end.decode(errors="replace") if isinstance(end, bytes) else "?"
    if name not in _ENDS:
        refuse_onnx(
            f"its operator 'LinearClassifier' has post_transform '{name[:40]}', which is not supported"
        )
    if classes < 2 or coefficients.size % classes or len(node.outputs) != 2 or intercepts.size != classes:
        refuse_onnx("its operator 'LinearClassifier' has not one row of numbers for each class")
    result = node.outputs[1]
    product = f"{result}/product" if _ENDS[name] else result
    turned = np.ascontiguousarray(coefficients.reshape(classes, -1).T)
    weights = _kept(network, f"{result}/coefficients", turned)
    bias = _kept(network, f"{result}/intercepts", intercepts)
    nodes = [Node("Gemm", "", f"{node.name}/product", (node.inputs[0], weights, bias), (product,), {})]
    match _ENDS[name]:
        case "Softmax":
            axis = {"axis": 1}
            nodes.append(Node("Softmax", "", f"{node.name}/softmax", (product,), (result,), axis))
        case "Sigmoid":
            nodes.append(Node("Sigmoid", "", f"{node.name}/sigmoid", (product,), (result,), {}))
    return nodes


def _normalizer(network: Network, node: Node) -> list[Node]:
    """Each row by its sum of amounts, its length or its largest amount."""
    norm = node.attributes.get("norm", b"MAX")
    kind = {b"L1": "ReduceL1", b"L2": "ReduceL2"}.get(norm if isinstance(norm, bytes) else b"")
    if kind is None:
        refuse_onnx("its operator 'Normalizer' divides by the largest number, which is not supported")
    result = node.outputs[0]
    total, divisor = f"{result}/total", f"{result}/divisor"
    least = _kept(network, f"{result}/least", np.array([_LEAST], np.float32))
    inputs: tuple[str, ...] = (node.inputs[0],)
    attributes: dict[str, Any] = {"keepdims": 1}
    if network.opset < 18:
        attributes["axes"] = [1]
    else:
        inputs = (node.inputs[0], _kept(network, f"{result}/axes", np.array([1], np.int64)))
    return [
        Node(kind, "", f"{node.name}/total", inputs, (total,), attributes),
        Node("Max", "", f"{node.name}/divisor", (total, least), (divisor,), {}),
        Node("Div", "", f"{node.name}/share", (node.inputs[0], divisor), (result,), {}),
    ]


_REWRITERS = {"Scaler": _scaler, "LinearClassifier": _linear, "Normalizer": _normalizer}
