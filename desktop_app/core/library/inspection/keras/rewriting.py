"""The configuration as Sightline hands it to Keras: checked, and without what loading it does not need."""

from __future__ import annotations

from typing import Any

from desktop_app.core.library.inspection.keras.parsing import SUBCLASS_OF, is_functional_subclass

_SHAPES = {"batch_shape", "input_shape", "build_input_shape", "query_shape", "value_shape", "key_shape"}
_ZEROS: dict[str, Any] = {
    "module": "keras.initializers",
    "class_name": "Zeros",
    "config": {},
    "registered_name": None,
}
_LEFT_OUT = {"lora_rank", "lora_alpha"}
"""Keras adds adapters to the kernels when it saves; without these fields it makes no new ones."""


def loadable(document: dict[str, Any]) -> dict[str, Any]:
    """Copy a checked configuration for Keras.

    Weights start with zeros, since all of them are read from the file: random numbers for a large network
    take longer than everything else. A network for one picture at a time takes any number, a Functional model
    of a class of its own is a Functional model, and training settings are left out.

    Args:
        document: A configuration that the inspection let through.
    """
    copied: dict[str, Any] = _copied(document)
    if is_functional_subclass(document):
        module, name = SUBCLASS_OF
        copied |= {"module": module, "class_name": name, "registered_name": name}
    return {**copied, "compile_config": None}


def _copied(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        if value.get("module") == "keras.initializers":
            return dict(_ZEROS)
        return {name: _copied(each, name) for name, each in value.items() if name not in _LEFT_OUT}
    if not isinstance(value, list):
        return value
    if key in _SHAPES and value and not isinstance(value[0], list):
        return [None if value[0] == 1 else value[0], *value[1:]]
    return [_copied(each, key if key in _SHAPES else "") for each in value]
