"""Networks that pass the inspection and need nearly as much memory as they may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.hostile_models.cases import pool
from tests.keras_file import SIDE, dense, functional, layer, write_keras

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


def operation(kind: str, name: str, source: str, module: str = "numpy", **config: Any) -> dict[str, Any]:
    """Describe a function of Keras."""
    record = layer(kind, name, [source], module=f"keras.src.ops.{module}")
    record["config"] = {"name": name, **config}
    return record


def many_glances(path: Path) -> Path:
    """Every place looks at every other one, with several heads."""
    side, heads = 41, 7
    rows = layer("Reshape", "rows", ["grow"], target_shape=[side * side, 3])
    look = layer(
        "MultiHeadAttention", "look", ["rows"], num_heads=heads, key_dim=1, value_dim=1, dropout=0.0,
        use_bias=False, output_shape=None, attention_axes=[1], seed=None,
    )  # fmt: skip
    look["inbound_nodes"][0]["args"] *= 2
    look["build_config"] = {
        "shapes_dict": {f"{name}_shape": [None, side * side, 3] for name in ("query", "value")}
    }
    grow = layer("Resizing", "grow", ["picture"], height=side, width=side, interpolation="nearest")
    mean = layer("GlobalAveragePooling1D", "pool", ["look"], data_format="channels_last", keepdims=False)
    end = layer("Softmax", "classes", ["pool"], axis=-1)

    def weights(file: Any) -> None:
        for name in ("query", "key", "value"):
            file[f"layers/multi_head_attention/{name}_dense/vars/0"] = np.ones((3, heads, 1), "f4")
        file["layers/multi_head_attention/output_dense/vars/0"] = np.ones((heads, 1, 3), "f4")

    return write_keras(path, functional([grow, rows, look, mean, end], "classes", SHAPE), weights)


def fields_of_a_large_map(path: Path) -> Path:
    fields = layer(
        "AdaptiveAveragePooling2D", "fields", ["grow"], output_size=[200, 200], data_format="channels_last"
    )
    return write_keras(path, functional([enlarged(130), fields, *ending("fields")], "classes", SHAPE), _none)


def sorted_numbers(path: Path) -> Path:
    layers = [
        enlarged(180),
        operation("Median", "middle", "grow", axis=[1], keepdims=True),
        *ending("middle"),
    ]
    return write_keras(path, functional(layers, "classes", SHAPE), _none)


def a_normalised_map(path: Path) -> Path:
    scale = layer(
        "LayerNormalization", "scale", ["grow"], axis=[1, 2, 3], epsilon=0.001, center=False, scale=False
    )
    layers = [enlarged(210), scale, operation("Exp", "spread", "scale"), *ending("spread")]
    return write_keras(path, functional(layers, "classes", SHAPE), _none)


def deep_patches(path: Path) -> Path:
    patches = operation(
        "ExtractPatches", "patches", "grow", "image", size=[38, 38], strides=[38, 38], dilation_rate=1,
        padding="valid", data_format="channels_last",
    )  # fmt: skip
    layers = [enlarged(11), patches, pool("patches"), dense("classes", "pool", 38 * 38 * 3, 3, "softmax")]

    def weights(file: Any) -> None:
        file["layers/dense/vars/0"] = np.random.default_rng(0).normal(0, 0.1, (38 * 38 * 3, 3)).astype("f4")
        file["layers/dense/vars/1"] = np.zeros(3, "f4")

    return write_keras(path, functional(layers, "classes", SHAPE), weights)


def stretched_contrast(path: Path) -> Path:
    stretch = layer("AutoContrast", "stretch", ["grow"], value_range=[0, 255], data_format="channels_last")
    layers = [enlarged(260), stretch, *ending("stretch")]
    return write_keras(path, functional(layers, "classes", SHAPE), _none)


def _none(_file: Any) -> None:
    """No weights."""


GREEDY = [
    an_activation_in_steps,
    double_precision,
    many_branches,
    a_large_picture,
    many_glances,
    fields_of_a_large_map,
    sorted_numbers,
    a_normalised_map,
    deep_patches,
    stretched_contrast,
]
