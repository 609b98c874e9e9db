"""Exports of Teachable Machine and Lobe, rebuilt from what their public repositories say about them."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.tflite_file import Net

if TYPE_CHECKING:
    from pathlib import Path

LABELS = ("Cats", "Dogs", "Two words")
NUMBERED = "".join(f"{number} {name}\n" for number, name in enumerate(LABELS))


def floating(side: int = 224, channels: int = 3) -> Net:
    """A network like Teachable Machine's, much smaller: means of the colours, a dense layer, a softmax."""
    net = Net((1, side, side, channels))
    _classes(net, 0, channels)
    return net


def whole(side: int = 224) -> Net:
    """The same with an input and an output of bytes."""
    net = Net((1, side, side, 3), "uint8", scale=2 / 255, zero=127)
    value = net.add("DEQUANTIZE", [0], (1, side, side, 3), options=("DequantizeOptions", {}))
    _classes(net, value, 3)
    net.add("QUANTIZE", [net.graph.outputs[0]], (1, 3), "uint8", options=("QuantizeOptions", {}),
            scale=1 / 256, zero=0)  # fmt: skip
    return net


def _classes(net: Net, value: int, channels: int) -> None:
    weights = net.constant(np.random.default_rng(4).normal(size=(3, channels)))
    axes = net.constant([1, 2], "int32")
    mean = net.add("MEAN", [value, axes], (1, channels), options=("ReducerOptions", {}))
    logits = net.add("FULLY_CONNECTED", [mean, weights, -1], (1, 3), options=("FullyConnectedOptions", {}))
    net.add("SOFTMAX", [logits], (1, 3), options=("SoftmaxOptions", {"beta": 1.0}))


def teachable_machine(kind: str = "model_unquant.tflite", labels: str = NUMBERED) -> dict[str, bytes]:
    """Files of an export, by name."""
    networks = {
        "model_unquant.tflite": floating,
        "model.tflite": whole,
        "vww_96_grayscale_quantized.tflite": lambda: floating(96, 1),
    }
    data = networks[kind]().bytes() if kind in networks else b"\x89HDF\r\n\x1a\n" + bytes(600)
    return {kind: data, "labels.txt": labels.encode()}


def lobe(kind: str = "tf_lite", **changes: Any) -> dict[str, bytes]:
    """Files of an export, by name; ``changes`` replace fields of the signature."""
    filename = {"tf_lite": "saved_model.tflite", "onnx": "model.onnx", "tf": "saved_model.pb"}.get(
        kind, "model.json"
    )
    signature = {
        "doc_id": "1",
        "doc_name": "Mine",
        "format": kind,
        "version": 5,
        "inputs": {"Image": {"dtype": "float32", "shape": [None, 224, 224, 3], "name": "Image:0"}},
        "outputs": {"Confidences": {"dtype": "float32", "shape": [None, 3], "name": "Softmax:0"}},
        "classes": {"Label": list(LABELS)},
        "filename": filename,
        "export_model_version": 1,
    } | changes
    return {
        filename: floating().bytes(),
        "signature.json": json.dumps(signature).encode(),
        "labels.txt": "\n".join(LABELS).encode(),
        "example/tf_lite_example.py": b"print('hello')",
    }


def pack(path: Path, files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def unpack(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder
