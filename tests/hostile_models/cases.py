"""The table of cases, and what they are written with."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.keras_file import SIDE, layer, plain_config

Case = Callable[[Path], None]
CASES: dict[str, Case] = {}

NOWHERE = "no_such_module"
"""A module that nobody has. Whoever tries to import it was led by a model file."""
NO_FILE = "no_such_file"
"""Likewise a file, beside the program."""


def case(function: Case) -> Case:
    """Register a case under its function's name."""
    CASES[function.__name__] = function
    return function


def with_layer(record: dict[str, Any]) -> dict[str, Any]:
    """Put a layer between the input and the rest of an honest model."""
    config = plain_config()
    config["config"]["layers"].insert(1, record)
    flatten = config["config"]["layers"][2]
    flatten["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] = record["name"]
    return config


def function(name: str = "run", module: str = NOWHERE) -> dict[str, Any]:
    """Refer to a function by its name, as Keras writes it."""
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def record_of(class_name: str, module: str = NOWHERE, **config: Any) -> dict[str, Any]:
    """Refer to an object by its class and configuration, as Keras writes it."""
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}


def changed(key: str, value: Any, index: int = 2) -> dict[str, Any]:
    """Change one field of the honest model's layer; 2 is its Dense layer."""
    config = plain_config()
    config["config"]["layers"][index]["config"][key] = value
    return config


def pool(source: str) -> dict[str, Any]:
    """Describe the layer ``pool`` that ends a network without weights."""
    return layer("GlobalAveragePooling2D", "pool", [source], data_format="channels_last", keepdims=False)


def call(source: str, index: int = 0) -> list[dict[str, Any]]:
    config = {"shape": [None, SIDE, SIDE, 3], "dtype": "float32", "keras_history": [source, index, 0]}
    return [{"args": [{"class_name": "__keras_tensor__", "config": config}], "kwargs": {}}]


def named(model: dict[str, Any], name: str) -> dict[str, Any]:
    model = copy.deepcopy(model)
    model["config"]["name"] = name
    return model | {"name": name}
