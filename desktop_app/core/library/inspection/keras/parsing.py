"""From a model file's configuration to a checked `Graph` or `Chain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.limits import MAX_CALLS, MAX_MODEL_DEPTH
from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras.network.fields import (
    boolean,
    dtype,
    integer,
    layer_name,
    number,
    one_of,
    optional,
)
from desktop_app.core.library.inspection.keras.network.graph import Chain, Graph, Input, Layer, Tensor
from desktop_app.core.library.inspection.keras.network.records import (
    BATCH_SHAPE,
    built_for,
    check_keys,
    check_record,
    class_path,
    without_batch,
)
from desktop_app.core.library.inspection.keras.rules.listing import find_rule
from desktop_app.core.library.inspection.keras.rules.merging import OPERATIONS_MODULE

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.keras.network.rule import Rule

_FUNCTIONAL = {("keras.src.models.functional", "Functional"), ("keras", "Functional"), ("keras", "Model")}
_SEQUENTIAL = {("keras", "Sequential"), ("keras.models", "Sequential")}
_INPUT_FIELDS = {
    "batch_shape": BATCH_SHAPE,
    "dtype": one_of("float32", "float16", "bfloat16", "float64"),
    "sparse": one_of(False),
    "ragged": one_of(False),
    "optional": one_of(False),
    "name": layer_name,
}
_CALL_INDEX = integer(0, MAX_CALLS)


def parse_model(record: Any, depth: int = 0) -> Graph | Chain:
    """Check the record of a Functional or Sequential model and all that is in it.

    Args:
        record: The configuration, or the part of it that describes a model within the model.
        depth: Number of models around this one.

    Raises:
        ModelError: Something in it is not on the lists.
    """
    if depth > MAX_MODEL_DEPTH:
        refuse("it has too many models inside models")
    check_record(record, inner=depth > 0)
    config = record["config"]
    if class_path(record) not in _SEQUENTIAL | _FUNCTIONAL:
        kind = f"{short(record['class_name'])} of {short(record['module'])}"
        refuse(f"it is a {kind}, not a Functional or Sequential model")
    parse = _parse_chain if class_path(record) in _SEQUENTIAL else _parse_graph
    return parse(record, config, depth)


def _parse_chain(record: dict[str, Any], config: dict[str, Any], depth: int) -> Chain:
    check_keys(config, {"name", "trainable", "dtype", "layers", "build_input_shape"}, "a Sequential model")
    _check_common(config)
    entry = None
    if config.get("build_input_shape") is not None:
        entry = without_batch(config["build_input_shape"], "build_input_shape")
    parts = []
    for position, layer in enumerate(_layers(config)):
        if position == 0 and _is_input(layer):
            entry = _parse_input(layer).shape
        else:
            parts.append(_parse_part(layer, depth))
    return Chain(config["name"], entry, tuple(parts), built_for(record))


def _parse_graph(record: dict[str, Any], config: dict[str, Any], depth: int) -> Graph:
    keys = {"name", "trainable", "dtype", "layers", "input_layers", "output_layers"}
    check_keys(config, keys, "a Functional model")
    _check_common(config)
    entries: list[Input] = []
    parts: list[Layer | Chain | Graph] = []
    calls: list[tuple[tuple[Tensor, ...], ...]] = []
    for layer in _layers(config):
        if _is_input(layer):
            entries.append(_parse_input(layer))
            if layer.get("inbound_nodes") != []:
                refuse("an input of the model has an input itself")
            part: Input | Layer | Chain | Graph = entries[-1]
        else:
            part = _parse_part(layer, depth)
            parts.append(part)
            calls.append(_parse_calls(layer, part))
        if layer.get("name") != part.name:
            refuse(f"the layer {short(part.name)} has two names")
    names = [part.name for part in [*entries, *parts]]
    if len(set(names)) != len(names):
        refuse("two of its layers have the same name")
    if len(entries) != 1 or _end(config.get("input_layers"), "input_layers") != Tensor(entries[0].name, 0):
        refuse("it does not have exactly one input")
    output = _end(config.get("output_layers"), "output_layers")
    if any(isinstance(part, Graph) and part.name == output.layer for part in parts):
        # Keras counts a Functional model's own construction as its first call, but only here.
        output = Tensor(output.layer, output.call - 1)
    return Graph(config["name"], entries[0], tuple(parts), tuple(calls), output, built_for(record))


def _parse_part(record: Any, depth: int) -> Layer | Chain | Graph:
    check_record(record, inner=True)
    if class_path(record) in _FUNCTIONAL | _SEQUENTIAL:
        return parse_model(record, depth + 1)
    rule = find_rule(record["module"], record["class_name"])
    config = record["config"]
    name = config.get("name")
    layer_name(name, "a layer")
    rule.check(config, f"the layer {short(name)}")
    return Layer(name, record["class_name"], rule, config, built_for(record), _operands(record, rule))


def _parse_input(record: dict[str, Any]) -> Input:
    check_record(record, inner=True)
    config = record["config"]
    where = "the input of the model"
    check_keys(config, set(_INPUT_FIELDS), where)
    for key, value in config.items():
        _INPUT_FIELDS[key](value, f"{where}, field {key},")
    if "name" not in config:
        refuse("an input of the model has no name")
    return Input(config["name"], without_batch(config.get("batch_shape"), where))


def _parse_calls(record: dict[str, Any], part: Layer | Chain | Graph) -> tuple[tuple[Tensor, ...], ...]:
    nodes = record.get("inbound_nodes")
    rule = part.rule if isinstance(part, Layer) else None
    if not isinstance(nodes, list) or not nodes or len(nodes) > MAX_CALLS:
        refuse(f"the layer {short(part.name)} is not connected properly")
    return tuple(_parse_call(node, rule, part.name) for node in nodes)


def _parse_call(node: Any, rule: Rule | None, name: str) -> tuple[Tensor, ...]:
    """Tensors that one call gets; numbers may stand beside them in arithmetic."""
    where = f"the layer {short(name)}"
    if not isinstance(node, dict) or set(node) != {"args", "kwargs"} or not isinstance(node["args"], list):
        refuse(f"{where} is not connected properly")
    _check_call_options(node["kwargs"], where)
    arguments = node["args"]
    if rule is not None and rule.module == OPERATIONS_MODULE:
        for argument in arguments:
            if not isinstance(argument, dict):
                number(argument, where)
        arguments = [argument for argument in arguments if isinstance(argument, dict)]
    elif len(arguments) == 1 and isinstance(arguments[0], list):
        arguments = arguments[0]
    several = rule is not None and rule.several_inputs
    if not 1 <= len(arguments) <= (64 if several else 1):
        refuse(f"{where} gets {len(arguments)} inputs")
    return tuple(_parse_tensor(argument, where) for argument in arguments)


def _operands(record: dict[str, Any], rule: Rule) -> tuple[float | None, ...]:
    """Read the numbers that arithmetic is done with; `_parse_call` checks them."""
    nodes = record.get("inbound_nodes")
    first = nodes[0] if isinstance(nodes, list) and nodes else None
    arguments = first.get("args") if isinstance(first, dict) else None
    if rule.module != OPERATIONS_MODULE or not isinstance(arguments, list):
        return ()
    return tuple(each if isinstance(each, int | float) else None for each in arguments)


def _check_call_options(options: Any, where: str) -> None:
    if not isinstance(options, dict):
        refuse(f"{where} is not connected properly")
    for key, value in options.items():
        masks = value if isinstance(value, list) else [value]
        if key == "training":
            optional(boolean)(value, f"{where}, option training,")
        elif key != "mask" or any(mask is not None for mask in masks):
            refuse(f"{where} is called with {short(key)}")


def _parse_tensor(value: Any, where: str) -> Tensor:
    if (
        not isinstance(value, dict)
        or set(value) != {"class_name", "config"}
        or value["class_name"] != "__keras_tensor__"
        or not isinstance(value["config"], dict)
        or not {"keras_history", "shape", "dtype"}
        <= set(value["config"])
        <= {"keras_history", "shape", "dtype"}
    ):
        refuse(f"{where} gets something that is not another layer's result")
    config = value["config"]
    BATCH_SHAPE(config["shape"], where)
    dtype(config["dtype"], where)
    return _tensor(config["keras_history"], where)


def _tensor(value: Any, where: str) -> Tensor:
    if not isinstance(value, list) or len(value) != 3 or not isinstance(value[0], str) or value[2] != 0:
        refuse(f"{where} is not connected properly")
    _CALL_INDEX(value[1], where)
    return Tensor(value[0], value[1])


def _end(value: Any, where: str) -> Tensor:
    """The one tensor in ``input_layers`` or ``output_layers``, which may stand in a list."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, list) and value and isinstance(value[0], list):
        refuse("it has several inputs or outputs")
    return _tensor(value, where)


def _is_input(record: Any) -> bool:
    return isinstance(record, dict) and class_path(record) == ("keras.layers", "InputLayer")


def _check_common(config: dict[str, Any]) -> None:
    layer_name(config.get("name"), "a model")
    boolean(config.get("trainable", True), "a model's field trainable")
    dtype(config.get("dtype", "float32"), "a model's field dtype")


def _layers(config: dict[str, Any]) -> list[Any]:
    layers = config.get("layers")
    if not isinstance(layers, list) or not 1 <= len(layers) <= MAX_CALLS:
        refuse("it has no layers, or too many")
    return layers
