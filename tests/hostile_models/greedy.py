"""Networks that pass the inspection and need nearly as much memory as they may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hostile_models.cases import pool
from tests.keras_file import SIDE, functional, layer, write_keras

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

SHAPE = [None, SIDE, SIDE, 3]
DOUBLE = {
    "module": "keras",
    "class_name": "DTypePolicy",
    "config": {"name": "float64"},
    "registered_name": None,
}


def enlarged(times: int) -> dict[str, Any]:
    """Describe the layer ``grow``."""
    return layer(
        "UpSampling2D", "grow", ["picture"], size=[times, times], interpolation="nearest",
        data_format="channels_last",
    )  # fmt: skip


def ending(source: str) -> list[dict[str, Any]]:
    """Describe the layers that make classes of a large result."""
    return [pool(source), layer("Softmax", "classes", ["pool"], axis=-1)]


def an_activation_in_steps(path: Path) -> Path:
    layers = [enlarged(410), layer("Activation", "gelu", ["grow"], activation="gelu"), *ending("gelu")]
    return write_keras(path, functional(layers, "classes", SHAPE), lambda file: None)


def double_precision(path: Path) -> Path:
    celu = layer("Activation", "celu", ["grow"], activation="celu")
    celu["config"]["dtype"] = DOUBLE
    layers = [enlarged(290), celu, *ending("celu")]
    layers[0]["config"]["dtype"] = DOUBLE
    return write_keras(path, functional(layers, "classes", SHAPE), lambda file: None)


def many_branches(path: Path) -> Path:
    names = [f"celu{number}" for number in range(12)]
    layers = [enlarged(160), *[layer("Activation", name, ["grow"], activation="celu") for name in names]]
    layers += [layer("Add", "sum", names), *ending("sum")]
    return write_keras(path, functional(layers, "classes", SHAPE), lambda file: None)


def a_large_picture(path: Path) -> Path:
    layers = [layer("Activation", "softplus", ["picture"], activation="softplus"), *ending("softplus")]
    return write_keras(path, functional(layers, "classes", [None, 2600, 2600, 3]), lambda file: None)


GREEDY = [an_activation_in_steps, double_precision, many_branches, a_large_picture]
