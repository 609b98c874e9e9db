"""TensorFlow Lite's own interpreter, which TensorFlow brings along: the reference for OpenVINO."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.engine.loading import load_engine
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

_log = logging.getLogger(__name__)


def tflite_reference(
    path: Path, *, plain: bool = True
) -> tuple[str, Callable[[NDArray[Any]], NDArray[np.float32]]]:
    """Load a stored model, as `store_tflite` writes it, with TensorFlow Lite; TensorFlow is loaded for that.

    Only for processes that may have TensorFlow: it cannot be unloaded.

    Args:
        path: The file.
        plain: Whether to compute with its plain kernels, those that the list of operators was compared with;
            else with those that it takes by default.

    Returns:
        Name and version of the interpreter, and a function from one prepared picture, of the type that
        it takes, to its outputs ``(1, outputs)``.

    Raises:
        EngineError: TensorFlow does not start.
        ModelError: The interpreter cannot read or run it.
    """
    load_engine()
    import tensorflow as tf

    kinds = tf.lite.experimental.OpResolverType
    resolver = kinds.BUILTIN_WITHOUT_DEFAULT_DELEGATES if plain else kinds.BUILTIN
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says that it is going to move to another package
            interpreter = tf.lite.Interpreter(str(path), experimental_op_resolver_type=resolver)
        interpreter.allocate_tensors()
        (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()
    except (ValueError, RuntimeError) as error:
        raise _cannot_run(error) from error

    def compute(picture: NDArray[Any]) -> NDArray[np.float32]:
        try:
            interpreter.set_tensor(taken["index"], np.ascontiguousarray(picture, taken["dtype"]))
            interpreter.invoke()
        except (ValueError, RuntimeError) as error:
            raise _cannot_run(error) from error
        return np.array(interpreter.get_tensor(given["index"]), np.float32)

    return f"TFLite {tf.__version__}", compute


def _cannot_run(error: Exception) -> ModelError:
    _log.info("TensorFlow Lite: %s", error)
    lines = printable(str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__)
    return ModelError(
        f"TensorFlow Lite itself cannot run this model: {lines[:200].rstrip('.')}.",
        "Convert or download it again.",
    )
