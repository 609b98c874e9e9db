"""The arithmetic at the start of a network, as far as it is the same for all pixels of a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.result.pixel_scaling import Step, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_app.core.library.inspection.onnx.file.records import Network, Node
    from desktop_app.core.library.inspection.onnx.operators.call import Value
    from desktop_app.core.library.inspection.result.network_summary import Scaling

_MOVING = {"Identity", "Cast", "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Dropout", "Flatten"}
_ARITHMETIC = {"Add", "Sub", "Mul", "Div"}
_MOST = 20


def scaling_of(network: Network, values: dict[str, Value], entry: str, channels: int) -> Scaling:
    """Work out which pixels the operators in front of a network are made for.

    Args:
        network: The network.
        values: All its values.
        entry: Name of the input.
        channels: Channels of its pictures.
    """
    return judge(_steps(network, values, entry, channels))


def _steps(network: Network, values: dict[str, Value], name: str, channels: int) -> Iterator[Step]:
    users: dict[str, list[Node]] = {}
    for node in network.nodes:
        for each in node.inputs:
            users.setdefault(each, []).append(node)
    for _ in range(_MOST):
        if len(users.get(name, ())) != 1:
            return
        node = users[name][0]
        if node.kind in _ARITHMETIC:
            step = _step(node, values, name, channels)
            if step is None:
                return
            yield step
        elif node.kind not in _MOVING:
            return
        name = node.outputs[0]


def _step(node: Node, values: dict[str, Value], name: str, channels: int) -> Step | None:
    """Scale and offset of an operator with constants; None where they differ within a channel."""
    first = node.inputs[0] == name
    known = values[node.inputs[1 if first else 0]].known if len(node.inputs) == 2 else None
    if known is None or known.size not in (1, channels):
        return None
    numbers = tuple(map(float, known.reshape(-1)))
    scale: tuple[float, ...] = (1.0,)
    offset: tuple[float, ...] = (0.0,)
    match node.kind:
        case "Add":
            offset = numbers
        case "Mul":
            scale = numbers
        case "Sub" if first:
            offset = tuple(-number for number in numbers)
        case "Div" if first and all(numbers):
            scale = tuple(1 / number for number in numbers)
        case _:
            return None
    return Step(node.name or node.kind, scale, offset)
