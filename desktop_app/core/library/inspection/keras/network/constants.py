"""Constants that stand in a configuration beside the results of layers: arrays, slices, numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.network.fields import integer, number, one_of, optional

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from desktop_app.core.library.inspection.keras.network.rule import Shape

_MAX_AXES = 8
_INDEX = optional(integer(-(2**26), 2**26))
_ARRAY_DTYPE = one_of("float16", "bfloat16", "float32", "float64", "uint8", "int32", "int64")
_MOST_CHANNELS = 4096


def operand(value: Any, where: str) -> None:
    """A finite number, or an array of finite numbers as Keras writes one.

    Raises:
        ModelError: It is something else.
    """
    if isinstance(value, dict):
        _shape_of_array(value, where)
    else:
        number(value, where)


def index(value: Any, where: str) -> None:
    """What stands in the brackets of ``x[...]``: numbers, slices, the ellipsis, new axes.

    Raises:
        ModelError: It is something else.
    """
    parts = value if isinstance(value, list) else [value]
    if not 1 <= len(parts) <= _MAX_AXES:
        refuse(f"{where} has too many parts")
    for part in parts:
        if isinstance(part, dict):
            _check_slice(part, where)
        else:
            _INDEX(part, where)


def operand_shapes(config: Mapping[str, Any], names: Sequence[str], inputs: Sequence[Shape]) -> list[Shape]:
    """List the shapes that an operation works on, without the batch axis, constants among them.

    Args:
        config: Its configuration, with the constants of its call.
        names: Names of its parameters, in order.
        inputs: Shapes of the results that it is called with.

    Raises:
        ModelError: A constant has another number of axes than fits, or inputs of different numbers of axes
            would be lined up across pictures.
    """
    if len({len(shape) for shape in inputs}) > 1:
        refuse("an operation joins results with different numbers of axes, which mixes up several pictures")
    waiting = iter(inputs)
    axes = len(inputs[0])
    shapes = []
    for name in names:
        if name not in config:
            shapes.append(next(waiting, inputs[0]))
            continue
        shape = constant_shape(config[name])
        if len(shape) > axes:
            if len(shape) > axes + 1 or shape[0] != 1:
                refuse("a constant does not fit the result that it is joined with")
            shape = shape[1:]
        shapes.append(shape)
    return shapes


def constant_shape(value: Any) -> Shape:
    """Shape of a checked constant; empty for a number."""
    return _shape_of_array(value, "a constant") if isinstance(value, dict) else ()


def plain_numbers(value: Any) -> float | tuple[float, ...] | None:
    """The number of a checked constant, or its numbers for the channels; None for anything else."""
    if isinstance(value, int | float):
        return value
    if not isinstance(value, dict):
        return None
    shape = constant_shape(value)
    if math.prod(shape) > _MOST_CHANNELS or math.prod(shape[:-1]) != 1:
        return None
    numbers = tuple(_leaves(value["config"]["value"]))
    return numbers if len(numbers) > 1 else numbers[0]


def _leaves(value: Any) -> Iterator[float]:
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


def _shape_of_array(record: dict[str, Any], where: str) -> Shape:
    config = record.get("config")
    if (
        set(record) != {"class_name", "config"}
        or record["class_name"] not in {"__tensor__", "__numpy__"}
        or not isinstance(config, dict)
        or set(config) != {"value", "dtype"}
    ):
        refuse(f"{where} gets something that is not another layer's result")
    _ARRAY_DTYPE(config["dtype"], where)
    return _shape_of_list(config["value"], where, _MAX_AXES)


def _shape_of_list(value: Any, where: str, axes: int) -> Shape:
    """Shape of nested lists of finite numbers, all of the same length at each depth."""
    if not isinstance(value, list):
        number(value, where)
        return ()
    if not value or not axes:
        refuse(f"{where} has an array without numbers, or with too many axes")
    shapes = {_shape_of_list(each, where, axes - 1) for each in value}
    if len(shapes) != 1:
        refuse(f"{where} has an array whose rows have different lengths")
    return (len(value), *shapes.pop())


def _check_slice(part: dict[str, Any], where: str) -> None:
    config = part.get("config")
    if set(part) != {"class_name", "config"} or not isinstance(config, dict):
        refuse(f"{where} has something that is not a slice")
    if part["class_name"] == "__ellipsis__" and not config:
        return
    if part["class_name"] != "__slice__" or set(config) != {"start", "stop", "step"}:
        refuse(f"{where} has something that is not a slice")
    for key, value in config.items():
        _INDEX(value, where)
        if key == "step" and value == 0:
            refuse(f"{where} has a slice with step 0")
