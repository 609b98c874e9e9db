"""What the layers of a Functional model are called with: results of other layers, and constants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.limits import MAX_CALLS
from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras.network.fields import boolean, dtype, integer, optional
from desktop_app.core.library.inspection.keras.network.graph import Call, Tensor
from desktop_app.core.library.inspection.keras.network.records import BATCH_SHAPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_app.core.library.inspection.keras.network.rule import Rule

_MOST_INPUTS = 64
_MOST_RESULTS = 64
_CALL_INDEX = integer(0, MAX_CALLS)
_RESULT_INDEX = integer(0, _MOST_RESULTS)
_LEFT_OUT = {"mask", "attention_mask", "query_mask", "value_mask", "key_mask", "initial_state", "key", "seed"}
"""Options that may stand there without a value."""


def parse_calls(nodes: Any, rule: Rule | None, name: str) -> tuple[Call, ...]:
    """Check what a layer or model is called with, each time.

    Args:
        nodes: ``inbound_nodes`` of its record.
        rule: What is known about the layer; None for a model.
        name: Its name, for the refusal.

    Raises:
        ModelError: It is called with something else than results of layers and what its rule allows.
    """
    if not isinstance(nodes, list) or not nodes or len(nodes) > MAX_CALLS:
        refuse(f"the layer {short(name)} is not connected properly")
    return tuple(_parse_call(node, rule, name) for node in nodes)


def parse_history(value: Any, where: str) -> Tensor:
    """Check which result of which call of which layer is meant.

    Raises:
        ModelError: It is not such a list of three.
    """
    if not isinstance(value, list) or len(value) != 3 or not isinstance(value[0], str):
        refuse(f"{where} is not connected properly")
    _CALL_INDEX(value[1], where)
    _RESULT_INDEX(value[2], where)
    return Tensor(*value)


def _parse_call(node: Any, rule: Rule | None, name: str) -> Call:
    where = f"the layer {short(name)}"
    if (
        not isinstance(node, dict)
        or set(node) != {"args", "kwargs"}
        or not isinstance(node["args"], list)
        or not isinstance(node["kwargs"], dict)
    ):
        refuse(f"{where} is not connected properly")
    named = dict(_named_arguments(node, rule, where))
    tensors: list[Tensor] = []
    constants: dict[str, Any] = {}
    for key, value in named.items():
        if _is_tensor(value) or key == "":
            tensors.append(_parse_tensor(value, where))
        elif isinstance(value, list) and value and all(map(_is_tensor, value)):
            tensors += [_parse_tensor(each, where) for each in value]
        elif rule is not None and key in rule.arguments:
            rule.arguments[key](value, f"{where}, argument {key},")
            constants[key] = value
        elif rule is None or key not in rule.parameters or value is not None:
            refuse(f"{where} gets something that is not another layer's result")
    most = _MOST_INPUTS if rule is not None and (rule.several_inputs or rule.parameters) else 1
    least = 1 if rule is None else rule.least
    if not least <= len(tensors) <= most:
        refuse(f"{where} gets {len(tensors)} inputs")
    return Call(tuple(tensors), constants)


def _named_arguments(node: dict[str, Any], rule: Rule | None, where: str) -> Iterator[tuple[str, Any]]:
    """Pair the arguments of a call with the names of its parameters; a layer's only input has none."""
    arguments = node["args"]
    parameters = rule.parameters if rule is not None else ()
    if parameters:
        if len(arguments) > len(parameters):
            refuse(f"{where} gets {len(arguments)} inputs")
        yield from zip(parameters, arguments, strict=False)
    else:
        if len(arguments) != 1:
            refuse(f"{where} gets {len(arguments)} inputs")
        inputs = arguments[0]
        several = isinstance(inputs, list) and inputs
        if several and len(inputs) > 1 and (rule is None or not rule.several_inputs):
            refuse(f"{where} gets {len(inputs)} inputs")
        yield ("inputs" if several else ""), inputs
    options = dict(node["kwargs"])
    for key in parameters[len(arguments) :]:
        if key in options:
            yield key, options.pop(key)
    for key, value in options.items():
        _check_option(key, value, rule, where)


def _check_option(key: str, value: Any, rule: Rule | None, where: str) -> None:
    """Check an option that is no input."""
    if key == "training":
        # Whoever asks a network with training=False overrides it, also in layers within layers.
        optional(boolean)(value, f"{where}, option training,")
        return
    values = value if isinstance(value, list) else [value]
    if key == "use_causal_mask" and rule is not None and rule.parameters and isinstance(value, bool):
        return
    if key == "return_attention_scores" and value is False:
        return
    if key not in _LEFT_OUT or any(each is not None for each in values):
        refuse(f"{where} is called with {short(key)}")


def _is_tensor(value: Any) -> bool:
    return isinstance(value, dict) and value.get("class_name") == "__keras_tensor__"


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
    if config["shape"] != []:  # one number for all pictures: what made it is refused by name
        BATCH_SHAPE(config["shape"], where)
    dtype(config["dtype"], where)
    return parse_history(config["keras_history"], where)
