"""Checks of single values in a model's configuration.

Each check takes a value and its position, and refuses the model unless the value is one that the
layer can be given harmlessly.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from desktop_app.core.library.inspection.containers.refusal import refuse, short, to_the_maker
from desktop_app.core.library.inspection.keras.network.tensorflow_functions import function_name

Check = Callable[[Any, str], None]

MAX_UNITS = 2**20
_LONGEST_NAME = 200
_DTYPES = {"float16", "bfloat16", "float32", "float64", "mixed_float16", "mixed_bfloat16", "uint8", "int32"}

_ACTIVATIONS = {
    "celu", "elu", "exponential", "gelu", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh",
    "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid",
    "silu", "softmax", "softplus", "softsign", "squareplus", "swish", "tanh", "tanh_shrink",
}  # fmt: skip

_INITIALIZERS = {
    "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform",
    "Ones", "Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Zeros",
}  # fmt: skip
"""Sightline itself builds every network with zeros. Orthogonal would factorise the matrix elsewhere, which
takes minutes for a large one: `trace` allows it for small ones."""


_ACTIVATION_ADVICE = to_the_maker(
    "give the layer the name of Keras's function, such as activation='silu', take over the weights with "
    "new.set_weights(old.get_weights()), and save that"
)


def integer(low: int, high: int) -> Check:
    """A whole number from ``low`` to ``high``."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            refuse(f"{where} is {short(value)}, not a whole number from {low} to {high}")

    return check


def number(value: Any, where: str) -> None:
    """A finite number, as far as a double reaches."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        refuse(f"{where} is {short(value)}, not a number")


def boolean(value: Any, where: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        refuse(f"{where} is {short(value)}, not true or false")


def nothing(value: Any, where: str) -> None:
    """Null: the field belongs to a feature that plain classifiers do not use."""
    if value is not None:
        refuse(f"{where} is not empty")


def one_of(*choices: Any) -> Check:
    """One of a few values."""

    def check(value: Any, where: str) -> None:
        if not any(value == choice and type(value) is type(choice) for choice in choices):
            refuse(f"{where} is {short(value)}")

    return check


def optional(inner: Check) -> Check:
    """Null or what ``inner`` accepts."""

    def check(value: Any, where: str) -> None:
        if value is not None:
            inner(value, where)

    return check


def sequence(inner: Check, *, low: int = 1, high: int = 8) -> Check:
    """A list of ``low`` to ``high`` values that ``inner`` accepts."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, list) or not low <= len(value) <= high:
            refuse(f"{where} is not a list of {low} to {high} values")
        for entry in value:
            inner(entry, where)

    return check


def pair(inner: Check) -> Check:
    """A list of two values that ``inner`` accepts."""
    return sequence(inner, low=2, high=2)


def either(*checks: Check) -> Check:
    """What any of the checks accepts; the last one phrases the refusal."""
    from desktop_app.core.foundation.errors import ModelError

    def check(value: Any, where: str) -> None:
        for inner in checks[:-1]:
            try:
                inner(value, where)
            except ModelError:
                continue
            return
        checks[-1](value, where)

    return check


def layer_name(value: Any, where: str) -> None:
    """A printable name without path separators."""
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= _LONGEST_NAME
        or not value.isprintable()
        or not set("/\\").isdisjoint(value)
        or set(value) <= {".", " "}
    ):
        refuse(f"{where} is named {short(value)}")


def activation(value: Any, where: str) -> None:
    """The name of a built-in activation function that keeps the shape."""
    if value not in _ACTIVATIONS if isinstance(value, str) else value is not None:
        own = function_name(value)
        if own:
            clause = f"{where} uses the function {short(own)}"
            refuse(f"{clause}, which is not on Sightline's list of activation functions", _ACTIVATION_ADVICE)
        refuse(f"{where} uses {short(value)}, which is not on Sightline's list of activation functions")


def dtype(value: Any, where: str) -> None:
    """A number format: its name, or Keras's plain policy object with that name."""
    if isinstance(value, dict):
        built_in(value, {"keras"}, {"DTypePolicy"}, where)
        config = value["config"]
        value = config.get("name") if set(config) <= {"name", "source_name"} else None
    if not isinstance(value, str) or value not in _DTYPES:
        refuse(f"{where} has the number format {short(value)}")


def initializer(value: Any, where: str) -> None:
    """A built-in initializer with plain numbers; null stands for the layer's default."""
    _plain_object(value, {"keras.initializers"}, _INITIALIZERS, where)


def regularizer(value: Any, where: str) -> None:
    """A built-in weight penalty or null."""
    _plain_object(value, {"keras.regularizers"}, {"L1", "L2", "L1L2"}, where)


def constraint(value: Any, where: str) -> None:
    """A built-in weight constraint or null."""
    names = {"MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"}
    _plain_object(value, {"keras.constraints"}, names, where)


def _plain_object(value: Any, modules: set[str], names: set[str], where: str) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        refuse(f"{where} is {short(value)}")
    built_in(value, modules, names, where)
    for key, setting in value["config"].items():
        if isinstance(setting, dict) or (isinstance(setting, list) and key != "axis"):
            refuse(f"{where} has something that is not a number in {short(key)}")


def built_in(value: dict[str, Any], modules: set[str], names: set[str], where: str) -> None:
    """Check that a serialized object is one of Keras's own and carries nothing else.

    Raises:
        ModelError: It is another one, or has unknown fields.
    """
    module, name = value.get("module"), value.get("class_name")
    extra = set(value) - {"module", "class_name", "config", "registered_name", "shared_object_id"}
    if (
        not isinstance(module, str)
        or not isinstance(name, str)
        or module not in modules
        or name not in names
        or extra
        or value.get("registered_name") not in (None, name)
        or not isinstance(value.get("config"), dict)
        or not isinstance(value.get("shared_object_id", 0), int)
    ):
        described = f"{module}.{name}"
        refuse(f"{where} contains {short(described)}, which is not on Sightline's list")
