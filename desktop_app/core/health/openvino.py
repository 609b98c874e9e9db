"""A part of the self-test: OpenVINO is whole, computes rightly and can read what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.foundation.text import printable
from desktop_app.core.health.checks import CheckFailed

if TYPE_CHECKING:
    from pathlib import Path

READERS = ("ir", "onnx", "tf", "tflite")
"""OpenVINO's names of the files that it reads: its own, ONNX, TensorFlow's and those for phones."""

_ADVICE = "Reinstall Sightline."
_SIDE = 4


def check_openvino(folder: Path) -> str:
    """Write a small network, read it again, and compare what it computes with the same in NumPy.

    Args:
        folder: Where the network is written; made.

    Returns:
        A sentence.

    Raises:
        CheckFailed: A result is wrong, or a library is missing.
        EngineError: OpenVINO is not installed or its libraries do not load.
    """
    openvino = load_openvino()
    version: str = openvino.__version__.partition("-")[0]
    numbers = np.linspace(-1, 1, _SIDE * _SIDE, dtype=np.float32).reshape(_SIDE, _SIDE)
    operations = openvino.opset13
    given = operations.parameter(numbers.shape, np.float32)
    product = operations.matmul(given, operations.constant(numbers), False, False)
    network = openvino.Model([operations.relu(product)], [given], "product")
    folder.mkdir(parents=True)
    path = folder / "product.xml"
    try:
        openvino.save_model(network, path, compress_to_fp16=False)
        core = openvino.Core()
        compiled = core.compile_model(core.read_model(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        found = compiled(numbers)[0]
        readers = openvino.frontend.FrontEndManager()
        for name in READERS:
            readers.load_by_framework(name)
    except (RuntimeError, openvino.frontend.InitializationFailure) as error:
        reason = printable(str(error).strip().splitlines()[-1])
        raise CheckFailed(f"OpenVINO {version} does not work: {reason}", _ADVICE) from error
    if not np.allclose(found, np.maximum(numbers @ numbers, 0), atol=1e-5):
        raise CheckFailed(f"OpenVINO {version} computes wrongly.", _ADVICE)
    return f"OpenVINO {version} computes as NumPy does and reads {len(READERS)} kinds of model files."
