"""Writing the model in each format."""

from __future__ import annotations

import contextlib
import logging
import warnings
from typing import TYPE_CHECKING, Any

from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.export.conversion.blame import cannot_write
from desktop_app.core.export.conversion.foreign_model import foreign_onnx, foreign_openvino
from desktop_app.core.export.conversion.formats import FORMATS
from desktop_app.core.export.conversion.held_weights import (
    TIMES_CONSTANTS_IN_LITERT,
    check_memory,
    held_function,
)
from desktop_app.core.export.conversion.litert_file import LitertFile
from desktop_app.core.export.conversion.onnx_model import onnx_model
from desktop_app.core.export.conversion.onnx_weights import as_bytes, as_halves
from desktop_app.core.export.conversion.openvino_weights import openvino_bytes, openvino_halves
from desktop_app.core.export.conversion.picture_model import INPUT, OUTPUT
from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.foundation.text import printable
from desktop_app.core.inference.conversion import CannotConvert, hand_over, without_remarks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import keras

    from desktop_app.core.export.conversion.foreign_model import ForeignFacts
    from desktop_app.core.export.conversion.formats import ExportFormat, ExportPrecision
    from desktop_app.core.export.conversion.held_weights import HeldFunction
    from desktop_app.core.export.conversion.onnx_file import OnnxFile

    Write = Callable[[keras.Model, Path, ExportPrecision], None]


def write_model(model: keras.Model, folder: Path, form: ExportFormat, precision: ExportPrecision) -> Path:
    """Write a model.

    Args:
        model: What `picture_model` builds.
        folder: An empty folder.
        form: Any format but ``sightline``.
        precision: One that the format has.

    Returns:
        The file or folder that an engine opens; what belongs to it lies beside it.

    Raises:
        CannotExport: The format cannot hold the model, and why.
        EngineError: OpenVINO does not start.
        OSError: It cannot be written.
    """
    path = folder / FORMATS[form].member
    _WRITERS[form](model, path, precision)
    return path


def write_foreign(facts: ForeignFacts, folder: Path, form: ExportFormat, precision: ExportPrecision) -> Path:
    """Write a model of another program, as `write_model` does.

    Args:
        facts: What is known about it.
        folder: An empty folder.
        form: ``onnx`` or ``openvino``.
        precision: The numbers of the weights.
    """
    from onnx.checker import ValidationError
    from onnx.shape_inference import InferenceError

    path = folder / FORMATS[form].member
    try:
        if form == "onnx":
            _save_onnx(foreign_onnx(facts), path, precision)
        else:
            _save_openvino(foreign_openvino(facts), path, precision)
    except (RuntimeError, ValidationError, InferenceError) as error:
        said = printable(str(error).strip().splitlines()[0])[:200].rstrip(".")
        raise CannotExport(
            f"This model cannot be written as {FORMATS[form].name} with {precision}: {said}.",
            "Choose another format or precision.",
        ) from error
    return path


def function_of(model: keras.Model, batch: int | None) -> Any:
    """A model as a function of TensorFlow, for one picture or any number (None) at a time."""
    return held_function(model, batch, hold=False).function


def _keras(model: keras.Model, path: Path, _precision: ExportPrecision) -> None:
    try:
        model.save(path)
    except (TypeError, ValueError, NotImplementedError) as error:
        raise cannot_write("Keras", model, str(error)) from error


def _saved_model(model: keras.Model, path: Path, _precision: ExportPrecision) -> None:
    """Save the function with its variables: what Keras's own export writes has every weight twice."""
    import tensorflow as tf

    holder = tf.Module()
    holder.weights = [weights.value for weights in model.variables]
    holder.serve = function_of(model, None)
    try:
        with without_remarks(), _quiet():
            tf.saved_model.save(holder, path, signatures={"serving_default": holder.serve})
    except (AssertionError, TypeError, ValueError, NotImplementedError) as error:
        raise cannot_write("SavedModel", model, str(error)) from error


def _litert(model: keras.Model, path: Path, precision: ExportPrecision) -> None:
    if precision == "int8":
        path.write_bytes(_litert_converted(model, held_function(model, 1, hold=False), in_bytes=True))
        return
    held = held_function(model, 1)
    try:
        file = LitertFile(_litert_converted(model, held), held.weights)
    except CannotExport:
        if not held.weights:
            raise
        file = LitertFile(_litert_converted(model, held_function(model, 1, hold=False)), {})
    if precision == "float16":
        file.halve()
    file.write(path)


def _litert_converted(model: keras.Model, held: HeldFunction, *, in_bytes: bool = False) -> bytes:
    """Convert the frozen function: from one that is not frozen the converter loses the weights silently."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    check_memory("LiteRT", TIMES_CONSTANTS_IN_LITERT * held.constants)
    function = held.function.get_concrete_function()
    try:
        with without_remarks(), _quiet():
            frozen = convert_variables_to_constants_v2(function)
            converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen])
            if in_bytes:
                converter.optimizations = [tf.lite.Optimize.DEFAULT]
            return bytes(converter.convert())
    except Exception as error:  # the converter raises whatever comes up in it; all means the same to a person
        graph = function.graph.as_graph_def()
        raise cannot_write("LiteRT", model, str(error), graph=graph) from error


def _onnx(model: keras.Model, path: Path, precision: ExportPrecision) -> None:
    _save_onnx(onnx_model(model), path, precision)


def _save_onnx(file: OnnxFile, path: Path, precision: ExportPrecision) -> None:
    if precision == "float16":
        as_halves(file)
    elif precision == "int8":
        as_bytes(file)
    file.check()
    file.write(path)


def _openvino(model: keras.Model, path: Path, precision: ExportPrecision) -> None:
    graph = _openvino_graph(model, path.parent)
    try:
        _save_openvino(graph, path, precision)
    except RuntimeError as error:
        raise cannot_write("OpenVINO", model, str(error)) from error


def _save_openvino(graph: Any, path: Path, precision: ExportPrecision) -> None:
    graph.inputs[0].get_tensor().set_names({INPUT})
    graph.outputs[0].get_tensor().set_names({OUTPUT})
    if precision == "float16":
        openvino_halves(graph)
    elif precision == "int8":
        openvino_bytes(graph)
    # By default all weights would be halved, whatever was asked for.
    load_openvino().save_model(graph, path, compress_to_fp16=False)


def _openvino_graph(model: keras.Model, folder: Path) -> Any:
    """Hand the model over with its large weights beside it; where that fails, with them in it."""
    held = held_function(model, None)
    try:
        return hand_over(held.function.get_concrete_function(), folder, list(held.weights.values()))
    except CannotConvert:
        function = function_of(model, None).get_concrete_function()
    try:
        return hand_over(function, folder)
    except CannotConvert as error:
        raise cannot_write("OpenVINO", model, error.what, graph=function.graph.as_graph_def()) from error


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the converters' remarks on themselves out of the log."""
    logger = logging.getLogger("absl")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)


_WRITERS: Mapping[ExportFormat, Write] = {
    "keras": _keras,
    "onnx": _onnx,
    "litert": _litert,
    "openvino": _openvino,
    "saved-model": _saved_model,
    "web": _onnx,
}
