"""Going through a network as an engine would, with shapes in place of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.foundation.text import readable_size
from desktop_app.core.library.inspection.containers.limits import MAX_OPERATIONS, MAX_RESULT_BYTES
from desktop_app.core.library.inspection.containers.refusal import short
from desktop_app.core.library.inspection.onnx.file.limits import MAX_KNOWN_NUMBERS, MAX_LOOSE_NUMBERS
from desktop_app.core.library.inspection.onnx.file.parsing import ML_DOMAIN
from desktop_app.core.library.inspection.onnx.file.records import KEPT
from desktop_app.core.library.inspection.onnx.file.refusing import (
    FLOAT32,
    listed,
    refuse_damaged,
    refuse_onnx,
)
from desktop_app.core.library.inspection.onnx.file.tensors import numbers_of
from desktop_app.core.library.inspection.onnx.operators.call import Call, Value
from desktop_app.core.library.inspection.onnx.operators.listing import OPERATORS, SINCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from desktop_app.core.library.inspection.onnx.file.records import Network, Node, Tensor
    from desktop_app.core.library.inspection.onnx.file.wire import Source

_ADVICE_TREES = (
    "Only linear models and neural networks of scikit-learn can be taken. Train a neural network "
    "(MLPClassifier) or a LogisticRegression on the same pictures, or train in Sightline."
)
_ADVICE_CUSTOM = (
    "Export it with ONNX's own operators only: without the operators of ONNX Runtime (com.microsoft), which "
    "its optimizer puts in, and without operators of your own."
)


@dataclass(frozen=True, slots=True)
class Traced:
    """What came of going through a network.

    Attributes:
        values: All values by name.
        operations: Approximate number of multiplications for one picture.
        bytes: Memory of the results that are needed at the same time, at worst.
    """

    values: dict[str, Value]
    operations: int
    bytes: int


def trace(source: Source, network: Network, picture: dict[str, Value], output: str) -> Traced:
    """Check every operator and work out all shapes, before an engine has to find room for them.

    Args:
        source: The file.
        network: The network, with the operators that lead to the output alone.
        picture: The input's value by its name.
        output: Name of the output.

    Raises:
        ModelError: An operator is not on the list, does not fit its inputs, or the whole is too large.
    """
    values = picture | _constants(source, network)
    operations = 0
    for node in network.nodes:
        call = _call(node, network.opset, values)
        found = OPERATORS[node.kind](call)
        call.unread()
        if len(found) < len(node.outputs):
            call.refuse("gives more than one result")
        operations += call.operations + sum(value.count for value in found) // 16
        if operations > MAX_OPERATIONS:
            refuse_onnx(f"it needs more than {MAX_OPERATIONS:,} multiplications for one picture")
        results = {name: value for name, value in zip(node.outputs, found, strict=False) if name}
        if len(results) != sum(map(bool, node.outputs)) or values.keys() & results:
            refuse_damaged(f"a result of its operator {short(node.kind)} is computed twice")
        values |= results
    if output not in values:
        refuse_damaged(f"nothing computes its output {short(output)}")
    taken = _peak(network, values, output)
    if taken > MAX_RESULT_BYTES:
        refuse_onnx(
            f"its results for one picture take {readable_size(taken)} at a time, more than "
            f"{readable_size(MAX_RESULT_BYTES)}"
        )
    return Traced(values, operations, taken)


def _constants(source: Source, network: Network) -> dict[str, Value]:
    values = {}
    for name, tensor in network.tensors.items():
        if tensor.dtype not in KEPT:
            refuse_onnx(f"it computes with {tensor.dtype or 'numbers of no format'} ({short(name)})", FLOAT32)
        values[name] = Value(tensor.dtype, tensor.shape, True, _loader(source, tensor))
    return values


def _loader(source: Source, tensor: Tensor) -> Callable[[], NDArray[Any]] | None:
    if tensor.count > (MAX_KNOWN_NUMBERS if tensor.dtype == "float32" else MAX_LOOSE_NUMBERS):
        return None
    return lambda: numbers_of(source, tensor)


def _call(node: Node, opset: int, values: dict[str, Value]) -> Call:
    if node.domain == ML_DOMAIN:
        refuse_onnx(
            f"it has scikit-learn's operator {short(node.kind)}, which OpenVINO cannot run", _ADVICE_TREES
        )
    if node.domain:
        refuse_onnx(
            f"its operator {short(node.kind)} is not one of ONNX's but of {short(node.domain)}",
            _ADVICE_CUSTOM,
        )
    if node.kind not in OPERATORS or opset < SINCE.get(node.kind, 0):
        refuse_onnx(
            f"its operator {short(node.kind)} is not on Sightline's list for opset {opset}",
            "Replace what it stands for in the network, or train on the same pictures in Sightline.",
        )
    inputs: list[Value | None] = []
    for name in node.inputs:
        if name and name not in values:
            refuse_damaged(
                f"its operator {short(node.kind)} needs {short(name)}, which nothing before it gives"
            )
        inputs.append(values[name] if name else None)
    if len(inputs) > 4096 or not node.outputs:
        refuse_damaged(f"its operator {short(node.kind)} has {listed(node.outputs) or 'no'} results")
    return Call(node, opset, inputs)


def _peak(network: Network, values: dict[str, Value], output: str) -> int:
    """Memory of the results at the worst moment: each stays until the last operator that needs it."""
    last: dict[str, int] = {}
    for number, node in enumerate(network.nodes):
        for name in node.inputs:
            last[name] = number
    last[output] = len(network.nodes)
    change = np.zeros(len(network.nodes) + 2, np.int64)
    for port in network.inputs:
        change[0] += 2 * values[port.name].bytes
        change[last.get(port.name, 0) + 1] -= 2 * values[port.name].bytes
    for number, node in enumerate(network.nodes):
        for name in filter(None, node.outputs):
            change[number] += values[name].bytes
            change[last.get(name, number) + 1] -= values[name].bytes
    return int(np.cumsum(change).max())
