"""From a model file's configuration to a checked `Graph` or `Chain`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.limits import MAX_CALLS, MAX_MODEL_DEPTH
from desktop_app.core.library.inspection.containers.refusal import refuse, short, to_the_maker
from desktop_app.core.library.inspection.keras.calls import parse_calls, parse_history
from desktop_app.core.library.inspection.keras.network.constants import plain_numbers
from desktop_app.core.library.inspection.keras.network.fields import (
    boolean,
    dtype,
    layer_name,
    one_of,
)
from desktop_app.core.library.inspection.keras.network.graph import Call, Chain, Graph, Input, Layer, Tensor
from desktop_app.core.library.inspection.keras.network.records import (
    BATCH_SHAPE,
    built_for,
    check_keys,
    check_record,
    class_path,
    without_batch,
)
from desktop_app.core.library.inspection.keras.rules.listing import OPERATIONS, find_rule

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.keras.network.rule import Rule

_FUNCTIONAL = {("keras.src.models.functional", "Functional"), ("keras", "Functional"), ("keras", "Model")}
SUBCLASS_OF = ("keras.src.models.functional", "Functional")
_FUNCTIONAL_FIELDS = {"name", "trainable", "layers", "input_layers", "output_layers"}
_SEQUENTIAL = {("keras", "Sequential"), ("keras.models", "Sequential")}
_INPUT_FIELDS = {
    "batch_shape": BATCH_SHAPE,
    "dtype": one_of("float32", "float16", "bfloat16", "float64", "uint8", "int32"),
    "sparse": one_of(False),
    "ragged": one_of(False),
    "optional": one_of(False),
    "name": layer_name,
}

_SUBCLASS_ADVICE = to_the_maker(
    "build the same network with keras.Model(inputs, outputs) from stock layers, take over the weights "
    "with new.set_weights(old.get_weights()), and save that"
)


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
    if depth == 0 and is_functional_subclass(record):
        # What is read is the graph in the file; nothing of the class is looked up.
        module, name = SUBCLASS_OF
        record = {**record, "module": module, "class_name": name, "registered_name": name}
    check_record(record)
    config = record["config"]
    if class_path(record) not in _SEQUENTIAL | _FUNCTIONAL:
        kind = f"{short(record['class_name'])} of {short(record['module'])}"
        refuse(f"it is a {kind}, not a Functional or Sequential model", _SUBCLASS_ADVICE)
    parse = _parse_chain if class_path(record) in _SEQUENTIAL else _parse_graph
    return parse(record, config, depth)


def is_functional_subclass(record: Any) -> bool:
    """Whether a record is that of a class of its own, with the whole graph of a Functional model.

    Keras writes it so for a class that only trains in another way; one that builds its layers itself has
    other fields, or none.
    """
    if not isinstance(record, dict) or not isinstance(record.get("config"), dict):
        return False
    module, name, registered = (record.get(key) for key in ("module", "class_name", "registered_name"))
    return (
        isinstance(name, str)
        and (module is None or (isinstance(module, str) and module.partition(".")[0] != "keras"))
        and isinstance(registered, str)
        and registered.rpartition(">")[2] == name
        and name not in {"Functional", "Sequential", "Model"}
        and _FUNCTIONAL_FIELDS <= set(record["config"]) <= _FUNCTIONAL_FIELDS | {"dtype"}
        and isinstance(record["config"]["layers"], list)
    )


def _parse_chain(record: dict[str, Any], config: dict[str, Any], depth: int) -> Chain:
    check_keys(config, {"name", "trainable", "dtype", "layers", "build_input_shape"}, "a Sequential model")
    _check_common(config)
    entry, entry_dtype = None, "float32"
    if config.get("build_input_shape") is not None:
        entry = without_batch(config["build_input_shape"], "build_input_shape")
    parts = []
    for position, layer in enumerate(_layers(config)):
        if position == 0 and _is_input(layer):
            first = _parse_input(layer)
            entry, entry_dtype = first.shape, first.dtype
        else:
            parts.append(_parse_part(layer, depth))
    return Chain(config["name"], entry, tuple(parts), built_for(record), entry_dtype)


def _parse_graph(record: dict[str, Any], config: dict[str, Any], depth: int) -> Graph:
    keys = {"name", "trainable", "dtype", "layers", "input_layers", "output_layers"}
    check_keys(config, keys, "a Functional model")
    _check_common(config)
    entries: list[Input] = []
    parts: list[Layer | Chain | Graph] = []
    calls: list[tuple[Call, ...]] = []
    for layer in _layers(config):
        if _is_input(layer):
            entries.append(_parse_input(layer))
            if layer.get("inbound_nodes") != []:
                refuse("an input of the model has an input itself")
            part: Input | Layer | Chain | Graph = entries[-1]
        else:
            part, called = _parse_called(layer, depth)
            parts.append(part)
            calls.append(called)
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
        output = Tensor(output.layer, output.call - 1, output.number)
    return Graph(config["name"], entries[0], tuple(parts), tuple(calls), output, built_for(record))


def _parse_part(record: Any, depth: int) -> Layer | Chain | Graph:
    check_record(record)
    if class_path(record) in _FUNCTIONAL | _SEQUENTIAL:
        return parse_model(record, depth + 1)
    rule = find_rule(record["module"], record["class_name"])
    config = record["config"]
    name = config.get("name")
    if name is None and rule.module.startswith(OPERATIONS):
        # A function of Keras may leave its name to the record around it, where the model looks for it.
        name = record.get("name")
    layer_name(name, "a layer")
    rule.check(config, f"the layer {short(name)}")
    return Layer(name, record["class_name"], rule, config, built_for(record))


def _parse_called(record: Any, depth: int) -> tuple[Layer | Chain | Graph, tuple[Call, ...]]:
    """Parse a part of a Functional model and what it is called with."""
    part = _parse_part(record, depth)
    rule = part.rule if isinstance(part, Layer) else None
    calls = parse_calls(record.get("inbound_nodes"), rule, part.name)
    if isinstance(part, Layer) and rule is not None:
        part = dataclasses.replace(part, operands=_operands(calls, rule))
    return part, calls


def _parse_input(record: dict[str, Any]) -> Input:
    check_record(record)
    config = record["config"]
    where = "the input of the model"
    check_keys(config, set(_INPUT_FIELDS), where)
    for key, value in config.items():
        _INPUT_FIELDS[key](value, f"{where}, field {key},")
    if "name" not in config:
        refuse("an input of the model has no name")
    dtype_name = config.get("dtype", "float32")
    return Input(config["name"], without_batch(config.get("batch_shape"), where), dtype_name)


def _operands(calls: tuple[Call, ...], rule: Rule) -> tuple[float | tuple[float, ...] | None, ...]:
    """List what arithmetic is done with at its first call: numbers, and None for results."""
    if not rule.rescales or not rule.parameters or not calls:
        return ()
    return tuple(plain_numbers(calls[0].constants.get(name)) for name in rule.parameters)


def _end(value: Any, where: str) -> Tensor:
    """The one tensor in ``input_layers`` or ``output_layers``, which may stand in a list."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, list) and value and isinstance(value[0], list):
        refuse("it has several inputs or outputs")
    return parse_history(value, where)


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
