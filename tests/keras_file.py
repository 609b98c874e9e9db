"""``.keras`` files written by hand: small, valid, made without Keras, and easy to damage."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIDE, CLASSES = 8, 3
DTYPE = {
    "module": "keras",
    "class_name": "DTypePolicy",
    "config": {"name": "float32"},
    "registered_name": None,
}


def layer(
    class_name: str,
    name: str,
    inputs: list[str],
    *,
    module: str = "keras.layers",
    shape: list[int | None] | None = None,
    **config: Any,
) -> dict[str, Any]:
    """Describe a layer of a Functional model, called once on the results of other layers."""
    tensors = [
        {
            "class_name": "__keras_tensor__",
            "config": {"shape": [None, SIDE], "dtype": "float32", "keras_history": [source, 0, 0]},
        }
        for source in inputs
    ]
    arguments = [tensors] if len(tensors) > 1 else tensors
    record = {
        "module": module,
        "class_name": class_name,
        "config": {"name": name, "trainable": True, "dtype": copy.deepcopy(DTYPE), **config},
        "registered_name": None,
        "name": name,
        "inbound_nodes": [{"args": arguments, "kwargs": {}}],
    }
    if shape is not None:
        record["build_config"] = {"input_shape": shape}
    return record


def dense(name: str, source: str, features: int, units: int, activation: str = "linear") -> dict[str, Any]:
    """Describe a Dense layer."""
    zeros = {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": None}
    return layer(
        "Dense",
        name,
        [source],
        shape=[None, features],
        units=units,
        activation=activation,
        use_bias=True,
        kernel_initializer=zeros,
        bias_initializer=zeros,
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
    )


def functional(layers: list[dict[str, Any]], output: str, shape: list[int | None]) -> dict[str, Any]:
    """Describe a Functional model with one input, called ``picture``."""
    entry = {
        "module": "keras.layers",
        "class_name": "InputLayer",
        "config": {
            "batch_shape": shape,
            "dtype": "float32",
            "sparse": False,
            "ragged": False,
            "name": "picture",
            "optional": False,
        },
        "registered_name": None,
        "name": "picture",
        "inbound_nodes": [],
    }
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": "network",
            "trainable": True,
            "layers": [entry, *layers],
            "input_layers": [["picture", 0, 0]],
            "output_layers": [[output, 0, 0]],
        },
        "registered_name": "Functional",
        "build_config": {"input_shape": shape},
        "compile_config": None,
    }


def plain_config() -> dict[str, Any]:
    """Describe the smallest honest classifier: flatten, dense, softmax."""
    layers = [
        layer("Flatten", "flatten", ["picture"], data_format="channels_last"),
        dense("logits", "flatten", SIDE * SIDE * 3, CLASSES),
        layer("Softmax", "probabilities", ["logits"], axis=-1),
    ]
    return functional(layers, "probabilities", [None, SIDE, SIDE, 3])


def plain_weights(file: h5py.File) -> None:
    """Write the weights that `plain_config` needs."""
    random = np.random.default_rng(0)
    file["layers/dense/vars/0"] = random.standard_normal((SIDE * SIDE * 3, CLASSES), dtype=np.float32)
    file["layers/dense/vars/1"] = np.zeros(CLASSES, np.float32)


def hdf5_bytes(write: Callable[[h5py.File], None]) -> bytes:
    """Make an HDF5 file in memory."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        write(file)
    return buffer.getvalue()


def keras_members(
    config: dict[str, Any] | bytes | None = None, weights: Callable[[h5py.File], None] | bytes | None = None
) -> dict[str, bytes]:
    """Make the three members of an archive; what is not given is honest."""
    config = plain_config() if config is None else config
    weights = plain_weights if weights is None else weights
    return {
        "metadata.json": b'{"keras_version": "3.15.1", "date_saved": "2026-01-01@00:00:00"}',
        "config.json": config if isinstance(config, bytes) else json.dumps(config).encode(),
        "model.weights.h5": weights if isinstance(weights, bytes) else hdf5_bytes(weights),
    }


def write_zip(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    """Write an archive."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def write_keras(path: Path, config: Any = None, weights: Any = None) -> Path:
    """Write a ``.keras`` file."""
    return write_zip(path, keras_members(config, weights))
