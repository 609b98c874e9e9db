"""A layer of Keras as the call that makes it, with the arguments that differ from the defaults."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.networks.own_layers import LRN
from desktop_app.core.training.script.source_text import call, value

if TYPE_CHECKING:
    from collections.abc import Mapping

    Config = Mapping[str, Any]

_NORMALIZED = {"depth_radius": 2, "bias": 2.0, "alpha": 1e-4, "beta": 0.75}
"""What scripts know of local response normalization: the settings of its paper."""

_ELSEWHERE = {"name", "trainable", "dtype"}
"""Arguments of every layer."""


class Unwritable(SightlineError):
    """A network has something that a script cannot show."""


def layer_call(class_name: str, config: Config, policy: str) -> tuple[str, list[str]]:
    """Write a layer.

    Args:
        class_name: Name of its class.
        config: Its configuration, as Keras gives it.
        policy: Name of the number format that layers have by default.

    Returns:
        Name of what is called, and the arguments.

    Raises:
        Unwritable: The layer is none of Keras.
    """
    import keras

    if class_name == LRN:
        if {key: config.get(key) for key in _NORMALIZED} != _NORMALIZED:
            raise Unwritable(f"The layer {config['name']} of the network has unusual settings.")
        return LRN, [f"name={value(config['name'])}"]
    made_by = getattr(keras.layers, class_name, None)
    if made_by is None:
        raise Unwritable(f"The network has a layer {class_name}, which Keras does not have.")
    given = _given(made_by, _simplified(class_name, config))
    dtype = _dtype_of(config)
    if dtype not in {None, policy}:
        given.append(f"dtype={value(dtype)}")
    given.append(f"name={value(config['name'])}")
    return f"layers.{class_name}", given


def _simplified(class_name: str, config: Config) -> dict[str, Any]:
    """Leave out what follows from the rest of a configuration."""
    found = {key: given for key, given in config.items() if key not in _ELSEWHERE}
    found.pop("data_format", None)
    if found.get("strides") == found.get("pool_size"):
        found.pop("strides", None)
    if class_name == "Bidirectional":
        found.pop("backward_layer", None)  # the same, backwards
        inner = dict(found["layer"])
        name = inner["config"]["name"].removeprefix("forward_")
        found["layer"] = inner | {"config": inner["config"] | {"name": name}}
    if class_name == "LayerNormalization" and len(found.get("axis", ())) == 1:
        found.pop("axis")  # vectors have only one
    return found


def _given(made_by: Any, config: Config) -> list[str]:
    """The arguments that differ from the defaults; those without a default come first, without names."""
    given = []
    for name, parameter in inspect.signature(made_by.__init__).parameters.items():
        if name not in config:
            continue
        if parameter.default is inspect.Parameter.empty:
            given.append(_argument(config[name]))
        elif not _is_default(config[name], parameter.default):
            given.append(f"{name}={_argument(config[name])}")
    return given


def _is_default(given: Any, default: Any) -> bool:
    if isinstance(given, dict) and "class_name" in given:
        short = _short(given)
        return short is not None and bool(short == default)
    if default is None:
        return given is None or given == "linear"
    return bool(_single(given) == _single(default))


def _argument(given: Any) -> str:
    """Write the value of an argument."""
    if not isinstance(given, dict) or "class_name" not in given:
        return value(_single(given))
    name, config = given["class_name"], given["config"]
    if given["module"] == "keras.layers":
        return call(*layer_call(name, config, _dtype_of(config) or ""))
    if (short := _short(given)) is not None:
        return value(short)
    import keras

    module = given["module"].removeprefix("keras.")
    made_by = getattr(getattr(keras, module, None), name, None)
    if made_by is None:
        raise Unwritable(f"The network has a part {name}, which Keras does not have.")
    known = inspect.signature(made_by.__init__).parameters
    return call(
        f"keras.{module}.{name}",
        [_argument(config[key]) for key in known if config.get(key) is not None],
    )


def _short(given: Config) -> str | None:
    """The name that stands for an initializer without settings, such as ``he_normal``."""
    import keras

    made_by = getattr(keras.initializers, given["class_name"], None)
    if made_by is None or given["module"] != "keras.initializers":
        return None
    if any(
        name in given["config"] and given["config"][name] != parameter.default
        for name, parameter in inspect.signature(made_by.__init__).parameters.items()
        if parameter.default is not inspect.Parameter.empty
    ):
        return None
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", given["class_name"]).lower()


def _single(given: Any) -> Any:
    """One number in place of several equal ones, as most arguments take them: 3 for (3, 3)."""
    if isinstance(given, (list, tuple)) and len(given) > 1 and len(set(given)) == 1:
        return given[0]
    return tuple(given) if isinstance(given, list) else given


def _dtype_of(config: Config) -> str | None:
    given = config.get("dtype")
    if isinstance(given, dict):
        name = given["config"].get("name")
        return None if name is None else str(name)
    return given
