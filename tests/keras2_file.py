"""Files of Keras 2 written by hand: small, valid, made without Keras, and easy to damage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Weights = Mapping[str, Mapping[str, Any]]

SIDE, CLASSES = 6, 3
SHAPE = [None, SIDE, SIDE, 3]
VERSION = "2.15.0"


def old_layer(class_name: str, name: str, inputs: list[Any] | None = None, **config: Any) -> dict[str, Any]:
    """Describe a layer as Keras 2 does; with inputs, called on those results in one call."""
    record: dict[str, Any] = {
        "class_name": class_name,
        "config": {"name": name, "trainable": True, "dtype": "float32", **config},
    }
    if inputs is not None:
        node = [each if isinstance(each, list) else [each, 0, 0, {}] for each in inputs]
        record |= {"name": name, "inbound_nodes": [node] if node else []}
    return record


def old_input(name: str = "picture", shape: list[int | None] | None = None) -> dict[str, Any]:
    """Describe the input of a Functional model."""
    config = {"batch_input_shape": shape or SHAPE, "dtype": "float32", "sparse": False, "ragged": False}
    return {
        "class_name": "InputLayer",
        "config": {**config, "name": name},
        "name": name,
        "inbound_nodes": [],
    }


def old_dense(name: str = "logits", inputs: list[Any] | None = None, **options: Any) -> dict[str, Any]:
    """Describe a Dense layer with a class for each output."""
    return old_layer(
        "Dense", name, inputs, **{"units": CLASSES, "activation": "softmax", "use_bias": True, **options}
    )


def old_functional(
    layers: list[dict[str, Any]], output: list[Any] | None = None, name: str = "network"
) -> dict[str, Any]:
    """Describe a Functional model with one input, called ``picture`` or as its first layer is."""
    return {
        "class_name": "Functional",
        "config": {
            "name": name,
            "layers": layers,
            "input_layers": [[layers[0]["name"], 0, 0]],
            "output_layers": [output or [layers[-1]["name"], 0, 0]],
        },
    }


def old_sequential(layers: list[dict[str, Any]], name: str = "chain") -> dict[str, Any]:
    """Describe a Sequential model."""
    return {"class_name": "Sequential", "config": {"name": name, "layers": layers}}


def plain_model() -> dict[str, Any]:
    """Describe the smallest honest classifier: mean of the picture, dense, softmax."""
    pool = old_layer("GlobalAveragePooling2D", "pool", ["picture"], data_format="channels_last")
    return old_functional([old_input(), pool, old_dense(inputs=["pool"])])


def plain_weights() -> dict[str, dict[str, Any]]:
    """The weights that `plain_model` needs: arrays by layer and name."""
    kernel = np.arange(3 * CLASSES, dtype=np.float32).reshape(3, CLASSES) / 10
    return {"logits": {"logits/kernel:0": kernel, "logits/bias:0": np.ones(CLASSES, np.float32)}}


def write_h5(
    path: Path,
    model: dict[str, Any] | bytes | None = None,
    weights: Weights | None = None,
    *,
    settings: dict[str, Any] | bytes | None = None,
    version: str | None = VERSION,
    change: Callable[[h5py.File], None] | None = None,
    libver: Any = None,
) -> Path:
    """Write an ``.h5`` file as Keras does; what is not given is honest.

    Args:
        path: The file.
        model: Its configuration, or the text of it.
        weights: Arrays by layer and name.
        settings: Training settings, or the text of them.
        version: Version of Keras; None for a file that does not say.
        change: Function that gets the file at the end.
        libver: Version of the file format, as `h5py.File` takes it.
    """
    model = plain_model() if model is None else model
    weights = plain_weights() if weights is None else weights
    with h5py.File(path, "w", libver=libver) as file:
        file.attrs["backend"] = b"tensorflow"
        if version is not None:
            file.attrs["keras_version"] = version.encode()
        file.attrs["model_config"] = model if isinstance(model, bytes) else json.dumps(model).encode()
        if settings is not None:
            text = settings if isinstance(settings, bytes) else json.dumps(settings).encode()
            file.attrs["training_config"] = text
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [name.encode() for name in weights]
        for layer, arrays in weights.items():
            own = group.create_group(layer)
            own.attrs["weight_names"] = [name.encode() for name in arrays]
            for name, array in arrays.items():
                own.create_dataset(name, data=array)
        if change is not None:
            change(file)
    return path
