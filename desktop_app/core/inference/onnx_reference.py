"""Another engine to compare OpenVINO's answers for an ONNX model with."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

MOST_OPERATIONS = 6 * 10**9
"""Multiplications that onnx's own evaluator is asked for: it does some 4e8 in a second."""


def onnx_reference(
    path: Path, operations: int
) -> tuple[str, Callable[[NDArray[Any]], NDArray[np.float32]]] | None:
    """Find an engine that is independent of OpenVINO.

    ONNX Runtime where it is installed; else the evaluator in the package ``onnx``, written in NumPy, for
    networks that it computes in reasonable time.

    Args:
        path: A file that was inspected.
        operations: Multiplications for all pictures to come.

    Returns:
        Its name and version, and a function from prepared pictures to outputs; None where there is none.
    """
    if importlib.util.find_spec("onnxruntime") is not None:
        return _onnxruntime(path)
    if importlib.util.find_spec("onnx") is not None and operations <= MOST_OPERATIONS:
        return _evaluator(path)
    return None


def _onnxruntime(path: Path) -> tuple[str, Callable[[NDArray[Any]], NDArray[np.float32]]]:
    onnxruntime = importlib.import_module("onnxruntime")  # not a part of the app
    onnxruntime.disable_telemetry_events()  # Windows keeps a log of its own of such events
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def compute(values: NDArray[Any]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {name: values})[0], np.float32)

    return f"onnxruntime {onnxruntime.__version__}", compute


def _evaluator(path: Path) -> tuple[str, Callable[[NDArray[Any]], NDArray[np.float32]]]:
    onnx = importlib.import_module("onnx")
    reference = importlib.import_module("onnx.reference")
    model = onnx.load(path, load_external_data=False)
    evaluator = reference.ReferenceEvaluator(model)
    name = model.graph.input[0].name

    def compute(values: NDArray[Any]) -> NDArray[np.float32]:
        return np.asarray(evaluator.run(None, {name: values})[0], np.float32)

    return f"onnx.reference {onnx.__version__}", compute
