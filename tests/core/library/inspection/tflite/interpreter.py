"""TensorFlow Lite's own interpreter, which TensorFlow brings along: the reference."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from desktop_app.core.engine.loading import load_engine

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def interpreted(path: Path, pixels: NDArray[Any]) -> NDArray[Any]:
    """Answer for one array, of the type and shape that the file takes."""
    load_engine()
    import tensorflow as tf

    resolver = tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it is going to move to another package
        interpreter = tf.lite.Interpreter(str(path), experimental_op_resolver_type=resolver, num_threads=1)
    (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()
    if tuple(taken["shape"]) != pixels.shape:
        interpreter.resize_tensor_input(taken["index"], pixels.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(taken["index"], pixels)
    interpreter.invoke()
    return interpreter.get_tensor(given["index"]).copy()
