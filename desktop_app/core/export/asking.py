"""Asks a written model about pictures with its own engine, in a process of its own.

This file is run by itself and imports nothing of Sightline, so that what it opens needs nothing of it::

    python -I asking.py ENGINE MODEL PICTURES.npy ANSWERS.npy

It prints how many pictures are done, a line each, and last the engine and its version. Nothing that it
imports reports anything: what would is switched off first.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Run = Callable[[NDArray[np.uint8]], NDArray[np.float32]]

AT_ONCE = 8
"""Pictures of one call, where the model takes several."""

DONE = "{} of {} pictures"


def main(words: list[str]) -> int:
    """Ask; the words are the engine, the model, and the files with the pictures and for the answers.

    Returns:
        0, or 1 when the engine cannot open or run the model; the last line says why.
    """
    engine, model, pictures, answers = words[0], *map(Path, words[1:])
    try:
        run, version, at_once = ENGINES[engine](model)
        rows = ask(run, np.load(pictures), at_once)
    except Exception as error:  # noqa: BLE001 - engines raise whatever comes up; all of it means the same
        print(" ".join(str(error).split())[:1000] or type(error).__name__, flush=True)
        return 1
    np.save(answers, rows)
    print(version, flush=True)
    return 0


def ask(run: Run, pictures: NDArray[np.uint8], at_once: int) -> NDArray[np.float32]:
    """Ask about some pictures at a time.

    Args:
        run: Function from pictures ``(n, height, width, 3)`` to probabilities ``(n, classes)``.
        pictures: All of them, uint8 ``(N, height, width, 3)``.
        at_once: The most pictures of one call.

    Returns:
        Probabilities, float32 ``(N, classes)``.
    """
    parent, found = os.getppid(), []
    for start in range(0, len(pictures), at_once):
        if os.getppid() != parent:  # who asked is gone
            raise SystemExit(1)
        found.append(np.array(run(np.ascontiguousarray(pictures[start : start + at_once])), np.float32))
        print(DONE.format(min(start + at_once, len(pictures)), len(pictures)), flush=True)
    return np.concatenate(found)


def _keras(model: Path) -> tuple[Run, str, int]:
    keras: Any = importlib.import_module("keras")
    loaded = keras.saving.load_model(model)

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(keras.ops.convert_to_numpy(loaded(pictures, training=False)))

    return run, f"Keras {keras.__version__}", AT_ONCE


def _tensorflow(model: Path) -> tuple[Run, str, int]:
    tensorflow: Any = importlib.import_module("tensorflow")
    loaded = tensorflow.saved_model.load(str(model))

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(loaded.serve(pictures).numpy())

    return run, f"TensorFlow {tensorflow.__version__}", AT_ONCE


def _litert(model: Path) -> tuple[Run, str, int]:
    tensorflow: Any = importlib.import_module("tensorflow")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it moves to a package of its own
        interpreter = tensorflow.lite.Interpreter(str(model))
    interpreter.allocate_tensors()
    (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        interpreter.set_tensor(taken["index"], pictures)
        interpreter.invoke()
        return np.array(interpreter.get_tensor(given["index"]))

    return run, f"LiteRT in TensorFlow {tensorflow.__version__}", 1


def _openvino(model: Path) -> tuple[Run, str, int]:
    for name in ("openvino_telemetry", "openvino.tools.ovc"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # Python's way to say that it is missing
    openvino: Any = importlib.import_module("openvino")
    core = openvino.Core()
    hint = {"INFERENCE_PRECISION_HINT": "f32"}  # where the processor has bfloat16 it would round to that
    compiled = core.compile_model(core.read_model(str(model)), "CPU", hint)

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.array(compiled(pictures)[0])

    at_once = AT_ONCE if compiled.input(0).partial_shape[0].is_dynamic else 1
    return run, f"OpenVINO {openvino.__version__.split('-')[0]}", at_once


def _onnxruntime(model: Path) -> tuple[Run, str, int]:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # from 1.29 on it would report to its makers
    runtime: Any = importlib.import_module("onnxruntime")
    runtime.disable_telemetry_events()
    options = runtime.SessionOptions()
    options.log_severity_level = 4
    session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    (taken,) = session.get_inputs()
    name, at_once = taken.name, 1 if taken.shape[0] == 1 else AT_ONCE

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {name: pictures})[0])

    return run, f"ONNX Runtime {importlib.metadata.version('onnxruntime')}", at_once


ENGINES: dict[str, Callable[[Path], tuple[Run, str, int]]] = {
    "keras": _keras,
    "tensorflow": _tensorflow,
    "litert": _litert,
    "openvino": _openvino,
    "onnxruntime": _onnxruntime,
}


if __name__ == "__main__":
    # An installed Sightline could be found too; that it is not needed is what shall be shown.
    sys.modules["desktop_app"] = None  # type: ignore[assignment]
    sys.exit(main(sys.argv[1:]))
