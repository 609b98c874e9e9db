"""Where Keras 3 looks for each layer's weights: paths in ``model.weights.h5`` of a ``.keras`` file.

A path counts the layers of each class in the order in which Keras 3 has them after it built the network,
which is not the order of the file: by their distance from the output, then as a walk from the output meets
them (`keras.src.ops.function.map_graph`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras2.models import FUNCTIONAL, SEQUENTIAL, results_in, snake_case

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from desktop_app.core.library.inspection.keras2.layers import Record
    from desktop_app.core.library.inspection.keras2.models import Path

Node = tuple[str, int]
"""A layer and the number of its call."""

_OPERATIONS = "keras.src.ops"
_EARLIER = "_layer_checkpoint_dependencies"
_COUNTED = re.compile(r"_\d+$")
_ATTENTION = ("query_dense", "key_dense", "value_dense", "output_dense")


def layer_places(model: Record, path: Path = (), place: str = "") -> dict[Path, tuple[str, Record]]:
    """List the layers of a translated model that is not refused.

    Args:
        model: The model.
        path: Names of the models around its layers.
        place: Path of the model itself.

    Returns:
        Path and record of each layer by its names, models within it resolved.

    Raises:
        ModelError: Its layers are not connected properly.
    """
    layers = model["config"]["layers"]
    ordered = _in_order(model) if model["class_name"] == FUNCTIONAL else layers
    used: dict[str, int] = {}
    found: dict[Path, tuple[str, Record]] = {}
    for record in ordered:
        if record["module"].startswith(_OPERATIONS):
            continue
        if record["class_name"] == "InputLayer" and model["class_name"] == SEQUENTIAL:
            continue
        kind = snake_case(record["class_name"])
        number = used[kind] = used.get(kind, -1) + 1
        own = f"{place}layers/{kind}_{number}" if number else f"{place}layers/{kind}"
        name = (*path, record["config"]["name"])
        if record["class_name"] in {FUNCTIONAL, SEQUENTIAL}:
            found |= layer_places(record, name, f"{own}/")
        elif record["class_name"] != "InputLayer":
            found[name] = (own, record)
    return found


def weight_places(record: Record, count: int, *, earlier: bool = False) -> list[str]:
    """Paths of a layer's weights below its own, in the order of the layer's rule.

    Args:
        record: The layer.
        count: Number of its weights.
        earlier: Whether the paths are those of Keras 2.
    """
    kind, config = record["class_name"], record["config"]
    if kind in {"LSTM", "GRU", "SimpleRNN"}:
        return [f"cell/vars/{number}" for number in range(count)]
    if kind == "Bidirectional":
        first = 3 if config["layer"]["config"].get("use_bias", True) else 2
        return [f"forward_layer/cell/vars/{number}" for number in range(first)] + [
            f"backward_layer/cell/vars/{number}" for number in range(count - first)
        ]
    if kind == "MultiHeadAttention":
        each = max(1, count // len(_ATTENTION))
        mark = "_" if earlier else ""
        return [f"{mark}{part}/vars/{number}" for part in _ATTENTION for number in range(each)]
    if kind == "TimeDistributed":
        return [f"layer/{below}" for below in weight_places(config["layer"], count, earlier=earlier)]
    if kind == "SpectralNormalization":  # its kernel once more, and a vector
        inner = weight_places(config["layer"], count - 2, earlier=earlier)
        return [*(f"layer/{below}" for below in inner), "vars/0", "vars/1"]
    return [f"vars/{number}" for number in range(count)]


def earlier_places(order: Mapping[str, list[str]], weighted: Collection[str]) -> dict[str, str]:
    """Where Keras 2.13 and 2.14 keep the layers of a ``.keras`` file.

    They go through a list that has each layer with weights twice, so the numbers of these go by two.

    Args:
        order: Places of the layers of each model, by the place of the model, as Keras 2.15 has them.
        weighted: Places of the layers with weights, those in models within the model too.

    Returns:
        Places by the places of Keras 2.15.
    """
    holding: set[str] = set()
    for place in weighted:
        parts = place.split("/layers/")
        holding.update("/layers/".join(parts[: depth + 1]) for depth in range(len(parts)))
    found = {"": ""}
    waiting = [""]
    while waiting:
        model = waiting.pop()
        used: dict[str, int] = {}
        for place in order.get(model, ()):
            kind = _COUNTED.sub("", place.rpartition("/")[2])
            number = used.get(kind, 0)
            used[kind] = number + (2 if place in holding else 1)
            own = f"{found[model]}{_EARLIER}/{kind}" + (f"_{number}" if number else "")
            found[place], found[f"{place}/"] = own, f"{own}/"
            if f"{place}/" in order:
                waiting.append(f"{place}/")
    return found


def _in_order(model: Record) -> list[Record]:
    """Layers of a Functional model as Keras 3 has them."""
    records = {record["name"]: record for record in model["config"]["layers"]}
    inputs: dict[Node, list[Node]] = {}
    for name, record in records.items():
        for number, node in enumerate(record["inbound_nodes"]):
            inputs[name, number] = [_source(one) for one in results_in([node["args"], node["kwargs"]])]
        if not record["inbound_nodes"]:
            inputs[name, 0] = []
    outputs, ends = [], model["config"]["output_layers"]
    for name, call, _ in [ends] if isinstance(ends[0], str) else ends:
        nested = name in records and records[name]["class_name"] == FUNCTIONAL
        outputs.append((name, call - nested))
    finished, first_met = _walk(outputs, inputs, model)
    nodes: dict[Node, int] = {}
    depths: dict[str, int] = {}
    for node in reversed(finished):
        depth = max(nodes.get(node, 0), depths.get(node[0], 0))
        depths[node[0]] = nodes[node] = depth
        for source in inputs[node]:
            nodes[source] = max(depth + 1, nodes.get(source, 0))
    by_depth: defaultdict[int, list[str]] = defaultdict(list)
    for name, depth in depths.items():
        by_depth[depth].append(name)
    return [
        records[name]
        for depth in sorted(by_depth, reverse=True)
        for name in sorted(by_depth[depth], key=first_met.get)  # type: ignore[arg-type]
    ]


def _source(result: Record) -> Node:
    name, call, _ = result["config"]["keras_history"]
    return name, call


def _walk(
    outputs: list[Node], inputs: dict[Node, list[Node]], model: Record
) -> tuple[list[Node], dict[str, int]]:
    """Go from the outputs to the inputs, depth first.

    Returns:
        Calls, each behind those whose results it gets, and the number at which each layer was met first.
    """
    finished: dict[Node, None] = {}
    first_met: dict[str, int] = {}
    open_nodes: set[Node] = set()
    for output in outputs:
        stack: list[tuple[Node, Any]] = []
        waiting: Any = iter([output])
        while True:
            node = next(waiting, None)
            if node is None:
                if not stack:
                    break
                done, waiting = stack.pop()
                finished[done] = None
                open_nodes.discard(done)
            elif node not in finished:
                if node in open_nodes or node not in inputs:
                    refuse(f"the layers of {short(model['config']['name'])} are not connected properly")
                first_met.setdefault(node[0], len(first_met))
                open_nodes.add(node)
                stack.append((node, waiting))
                waiting = iter(inputs[node])
    return list(finished), first_met
