"""Activations that Keras saves by a name that only TensorFlow knows, as tutorials with `tf.nn` have them."""

from __future__ import annotations

from typing import Any

FIELDS = frozenset({"activation", "recurrent_activation"})
_NAMES = {"softmax_v2": "softmax", "log_softmax_v2": "log_softmax"}
"""What `tf.nn.softmax` and `tf.nn.log_softmax` call themselves, and Keras's names of the same functions.

Keras 2 translated the first likewise (``_TF_ACTIVATIONS_V2``); Keras 3.15 saves both and cannot load them.
`tf.nn.silu` is not here: it calls itself ``swish``, as functions do that people write, with factors of their
own."""


def named(value: Any) -> Any:
    """Keras's name of an activation that was given as a function of TensorFlow; all else as it is.

    Args:
        value: What a configuration has for an activation.
    """
    name = function_name(value)
    return _NAMES.get(name, value) if name else value


def function_name(value: Any) -> str:
    """Name of a function that Keras did not know when it saved a layer; empty for anything else."""
    if not isinstance(value, dict) or not isinstance(value.get("config"), str):
        return ""
    plain = {"module": "builtins", "class_name": "function", "registered_name": "function"}
    return value["config"] if value == {**plain, "config": value["config"]} else ""


def with_keras_names(value: Any) -> Any:
    """Copy a configuration, not yet checked, so that such activations have their names in Keras."""
    if isinstance(value, list):
        return [with_keras_names(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: named(each) if key in FIELDS and isinstance(each, dict) else with_keras_names(each)
        for key, each in value.items()
    }
