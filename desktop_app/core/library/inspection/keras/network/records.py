"""The record that surrounds a layer's configuration, at the top of a model and inside other layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.refusal import refuse, short, to_the_maker
from desktop_app.core.library.inspection.keras.network.fields import integer, optional, sequence
from desktop_app.core.networks import own_layers

if TYPE_CHECKING:
    from collections.abc import Collection

    from desktop_app.core.library.inspection.keras.network.graph import RecordedShape

RECORD_KEYS = {
    "module", "class_name", "config", "registered_name", "build_config", "compile_config", "name",
    "inbound_nodes", "shared_object_id",
}  # fmt: skip
BATCH_SHAPE = sequence(optional(integer(1, 2**26)))
"""Shape of an input or result: None for the batch axis, and for sizes that are left open."""

_NAMED_SHAPES = ("query_shape", "value_shape", "key_shape")
"""What layers with several named inputs are built for, in the order of the inputs."""
OWN_ADVICE = to_the_maker(
    "put stock layers of Keras or functions of keras.ops in the place of your own class, take over the "
    "weights, and save it again, since a file does not hold the code of a class"
)
_BATCH_ADVICE = to_the_maker(
    "build it with keras.Input(shape) without a batch size, take over the weights with "
    "new.set_weights(old.get_weights()), and save that"
)


def class_path(record: dict[str, Any]) -> tuple[str, str]:
    """Where Keras would import the class from, and its name.

    Raises:
        ModelError: They are not words.
    """
    module, name = record.get("module"), record.get("class_name")
    if not isinstance(module, str) or not isinstance(name, str):
        refuse(f"it contains a layer of an unknown kind, {short(name)}")
    return module, name


def check_record(record: Any) -> None:
    """Check what surrounds a layer's configuration: nothing else may be created from it.

    Args:
        record: Record with the fields ``module``, ``class_name``, ``config`` and so on.

    Raises:
        ModelError: A field is unknown, or it asks for a custom object that is not Sightline's own.
    """
    if not isinstance(record, dict) or not isinstance(record.get("config"), dict):
        refuse("a layer has no configuration")
    module, name = class_path(record)
    check_keys(record, RECORD_KEYS, f"a {short(name)} layer")
    # Keras looks a registered name up before it looks at module and class name.
    own = own_layers.REGISTERED.get((module, name))
    if record.get("registered_name") not in ([own] if own else [None, name]):
        refuse(f"it needs the custom object {short(record.get('registered_name'))}", OWN_ADVICE)


def check_keys(mapping: dict[str, Any], allowed: Collection[str], where: str) -> None:
    """Check that there are no fields but these.

    Raises:
        ModelError: There are.
    """
    for key in mapping:
        if key not in allowed:
            refuse(f"{where} has the unknown field {short(key)}")


def built_for(record: dict[str, Any]) -> tuple[RecordedShape, ...]:
    """Input shapes from ``build_config``, from which Keras creates the weights; empty when it has none.

    Raises:
        ModelError: It has another form.
    """
    build = record.get("build_config") or {}
    where = "a layer's build_config"
    if not isinstance(build, dict) or not set(build) <= {"input_shape", "shapes_dict"} or len(build) > 1:
        refuse(f"{where} has unknown fields")
    if "shapes_dict" in build:
        named = build["shapes_dict"]
        if not isinstance(named, dict) or not set(named) <= set(_NAMED_SHAPES):
            refuse(f"{where} has unknown fields")
        return tuple(
            _of_any_batch(named[name], where) for name in _NAMED_SHAPES if named.get(name) is not None
        )
    shape = build.get("input_shape")
    if shape is None:
        return ()
    if isinstance(shape, list) and shape and isinstance(shape[0], list):
        if len(shape) > 64:
            refuse(f"{where} has too many inputs")
        return tuple(_of_any_batch(one, where) for one in shape)
    return (_of_any_batch(shape, where),)


def _of_any_batch(value: Any, where: str) -> RecordedShape:
    """Check a shape of which only what follows the batch axis counts, such as that of numbers adapted to."""
    BATCH_SHAPE(value, where)
    return tuple(value[1:])


def without_batch(value: Any, where: str) -> RecordedShape:
    """Check a shape and take off its batch axis.

    Raises:
        ModelError: It is not a shape, or fixes the number of pictures.
    """
    BATCH_SHAPE(value, where)
    if value[0] not in {None, 1}:  # one at a time is as good as any number: `rewriting` frees it
        refuse(f"{where} is for a fixed number of pictures, {value[0]} at a time", _BATCH_ADVICE)
    return tuple(value[1:])
