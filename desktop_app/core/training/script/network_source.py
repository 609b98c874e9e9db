"""A network as the lines that build it, layer by layer."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.core.training.script.layer_calls import Unwritable, layer_call
from desktop_app.core.training.script.source_text import statement, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import keras

_FLOW = "x"
"""Name of what one layer hands to the next."""

_OPERATIONS = "keras.src.ops"
"""Where Keras keeps what is no layer, such as a division."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer of a network, from its configuration.

    Attributes:
        name: Its name.
        class_name: Name of its class.
        config: Its configuration.
        given: Arguments of its call, as Keras writes them.
        named: Those with a name.
        is_layer: Whether it is a layer, and not one operation.
    """

    name: str
    class_name: str
    config: Mapping[str, Any]
    given: tuple[Any, ...]
    named: Mapping[str, Any]
    is_layer: bool

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the layers that it gets results of."""
        return tuple(_histories(self.given))


def network_source(
    model: keras.Model, policy: str, change: Callable[[dict[str, Any]], dict[str, Any]] = lambda found: found
) -> list[str]:
    """Write the body of the function that builds a network.

    Layers come in the order in which they depend on each other, first inputs first, which is how recipes make
    them: Keras draws a seed for each that begins with random weights.

    Args:
        model: Functional model with one input and one output, each layer used once.
        policy: Name of the number format that layers have by default.
        change: Function from a layer's configuration to the one that is written.

    Raises:
        Unwritable: It has something else.
    """
    configuration = model.get_config()
    layers = {layer.name: layer for layer in map(_layer, configuration["layers"])}
    outputs = _names(configuration["output_layers"])
    if len(outputs) != 1 or len(_names(configuration["input_layers"])) != 1:
        raise Unwritable("The network has several inputs or outputs.")
    order = list(_in_order(outputs[0], layers))
    variables = _variables(order, layers)
    lines = []
    for name in order:
        layer = layers[name]
        if layer.class_name == "InputLayer":
            shape = tuple(layer.config["batch_shape"][1:])
            lines += statement(
                f"{variables[name]} = keras.Input(", [value(shape), f"name={value(name)}"], ")", 1
            )
            source = variables[name]
            continue
        given = [_written(item, variables) for item in layer.given]
        if layer.is_layer:
            if len(given) > 1:
                raise Unwritable(f"The layer {name} of the network has several arguments.")
            called, arguments = layer_call(layer.class_name, change(dict(layer.config)), policy)
            lines += statement(f"{variables[name]} = {called}(", arguments, f")({given[0]})", 1)
        else:
            called = _operation(layer)
            options = {key: found for key, found in layer.config.items() if key != "name"} | dict(layer.named)
            given += [f"{key}={value(_fixed(found))}" for key, found in options.items() if found is not None]
            lines += statement(f"{variables[name]} = {called}(", given, ")", 1)
    lines.append(f"    return keras.Model({source}, {variables[order[-1]]}, name={value(model.name)})")
    return lines


def _layer(found: dict[str, Any]) -> _Layer:
    nodes = found["inbound_nodes"]
    if len(nodes) > 1:
        raise Unwritable(f"The network uses its layer {found['name']} more than once.")
    node = nodes[0] if nodes else {"args": [], "kwargs": {}}
    is_layer = not found["module"].startswith(_OPERATIONS)
    named = {} if is_layer else node["kwargs"]
    return _Layer(found["name"], found["class_name"], found["config"], tuple(node["args"]), named, is_layer)


def _operation(layer: _Layer) -> str:
    """The function of Keras that computes an operation: ``keras.ops.true_divide``."""
    import keras

    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", layer.class_name).lower()
    if not hasattr(keras.ops, name) or any(_histories(list(layer.named.values()))):
        raise Unwritable(f"The network has an operation {layer.class_name} that cannot be written as code.")
    return f"keras.ops.{name}"


def _written(given: Any, variables: Mapping[str, str]) -> str:
    """Write an argument of a call: a result, a list of these, or a constant."""
    if isinstance(given, dict):
        return variables[_history(given)]
    if isinstance(given, (list, tuple)) and any(_histories(given)):
        return f"[{', '.join(_written(item, variables) for item in given)}]"
    return value(_fixed(given))


def _fixed(given: Any) -> Any:
    """A constant with tuples in place of lists."""
    return tuple(map(_fixed, given)) if isinstance(given, list) else given


def _history(given: Mapping[str, Any]) -> str:
    if given["class_name"] != "__keras_tensor__":
        raise Unwritable("The network has a constant tensor, which cannot be written as code.")
    return str(given["config"]["keras_history"][0])


def _histories(given: Any) -> Iterator[str]:
    """The names of the layers whose results stand in the arguments of a call."""
    if isinstance(given, dict):
        yield _history(given)
    elif isinstance(given, (list, tuple)):
        for item in given:
            yield from _histories(item)


def _names(given: Any) -> list[str]:
    """The names in what Keras writes as ``["name", 0, 0]`` or as a list of these."""
    return [given[0]] if isinstance(given[0], str) else [item[0] for item in given]


def _in_order(last: str, layers: Mapping[str, _Layer]) -> Iterator[str]:
    """Each layer after those that it gets results of; without recursion, for deep networks."""
    seen: set[str] = set()
    waiting: list[tuple[str, bool]] = [(last, False)]
    while waiting:
        name, ready = waiting.pop()
        if ready:
            yield name
        elif name not in seen:
            seen.add(name)
            waiting.append((name, True))
            waiting += [(other, False) for other in reversed(layers[name].inputs)]


def _variables(order: list[str], layers: Mapping[str, _Layer]) -> dict[str, str]:
    """Name the results: by their layer where they are needed later, too."""
    users: dict[str, list[str]] = {name: [] for name in order}
    for name in order:
        for other in layers[name].inputs:
            users[other].append(name)
    names = {}
    for name, after in zip(order, [*order[1:], ""], strict=True):
        passes_on = users[name] == [after] or not users[name]
        is_input = layers[name].class_name == "InputLayer"
        names[name] = _FLOW if passes_on and not is_input else _identifier(name)
    return names


def _identifier(name: str) -> str:
    found = re.sub(r"\W", "_", name, flags=re.ASCII)
    return f"{found}_" if keyword.iskeyword(found) or not found.isidentifier() else found
