"""Writing ONNX: conversion, and everything that has to be looked after since converters say nothing of it."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

from desktop_app.core.export.conversion.blame import cannot_write
from desktop_app.core.export.conversion.held_weights import (
    TIMES_CONSTANTS_IN_ONNX,
    check_memory,
    held_function,
)
from desktop_app.core.export.conversion.onnx_file import with_arrays
from desktop_app.core.export.conversion.onnx_graph import nodes_of
from desktop_app.core.export.conversion.picture_model import INPUT, OUTPUT
from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.inference.conversion import without_remarks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import keras

    from desktop_app.core.export.conversion.held_weights import HeldFunction
    from desktop_app.core.export.conversion.onnx_file import OnnxFile

OPSET = 17
"""Operators of ONNX 1.12 (2022), which all runtimes of the last years read."""

MOST_BYTES = 2_000_000_000
"""A file of Protocol Buffers ends at 2 GiB; weights in a file beside it are refused by many readers."""

_ONNX = ("", "ai.onnx")
_CONVERTER = "tf2onnx"


def onnx_model(model: keras.Model) -> OnnxFile:
    """Convert a model.

    Its large weights are put in afterwards. Where the converter does not get by without them, they are
    constants, as the small ones are.

    Args:
        model: What `picture_model` builds.

    Returns:
        A file that ONNX's checker accepts, with the one input `INPUT` and the one output `OUTPUT`.

    Raises:
        CannotExport: It holds what ONNX does not have, or is too large.
    """
    weights = 4 * model.count_params()
    if weights > MOST_BYTES:
        raise CannotExport("This model cannot be written as ONNX: its weights take more than 2 GB.")
    held = held_function(model, None)
    try:
        return _converted(model, held)
    except CannotExport:
        if not held.weights:
            raise
        return _converted(model, held_function(model, None, hold=False))


def _converted(model: keras.Model, held: HeldFunction) -> OnnxFile:
    import onnx
    import tf2onnx

    check_memory("ONNX", TIMES_CONSTANTS_IN_ONNX * held.constants)
    said: list[str] = []
    function = held.function
    try:
        with _listening(said), without_remarks():
            proto, _tensors = tf2onnx.convert.from_function(
                function, input_signature=function.input_signature, opset=OPSET
            )
    except Exception as error:  # the converter raises whatever comes up in it; all means the same to a person
        raise cannot_write("ONNX", model, "\n".join([*said, str(error)])) from error
    write_out(proto)
    file = with_arrays(proto, held.weights)
    _check_operators(proto, model)
    if file.inputs() != [INPUT]:
        others = [name for name in file.inputs() if name != INPUT]
        raise cannot_write("ONNX", model, "\n".join(f"/{name}" for name in others) or "it has no input")
    _name_output(proto)
    try:
        file.check()
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise cannot_write("ONNX", model, str(error)) from error
    return file


def write_out(proto: Any) -> None:
    """Replace the operators of exact GELU and of CELU, which ONNX does not have, by those that it has.

    ``erfc(x) = 1 - erf(x)`` and ``expm1(x) = exp(x) - 1``. The converter writes them under ONNX's own name.

    Args:
        proto: An ``onnx.ModelProto``, which is changed.
    """
    import numpy as np
    from onnx import helper, numpy_helper

    known = {"Erfc": ("Erf", (False, True)), "Expm1": ("Exp", (True, False))}
    if not any(node.op_type in known and node.domain in _ONNX for node in proto.graph.node):
        return
    one = "one_of_float32"
    proto.graph.initializer.append(numpy_helper.from_array(np.array(1, np.float32), one))
    nodes = []
    for node in proto.graph.node:
        if node.op_type not in known or node.domain not in _ONNX:
            nodes.append(node)
            continue
        operator, (result_first, _) = known[node.op_type]
        inner = f"{node.output[0]}_{operator.lower()}"
        nodes.append(helper.make_node(operator, list(node.input), [inner], name=f"{node.name}/{operator}"))
        terms = [inner, one] if result_first else [one, inner]
        nodes.append(helper.make_node("Sub", terms, list(node.output), name=node.name))
    del proto.graph.node[:]
    proto.graph.node.extend(nodes)


def _check_operators(proto: Any, model: keras.Model) -> None:
    """Refuse operators that are in none of ONNX's own lists.

    Raises:
        CannotExport: The layers with such operators are named.
    """
    from onnx import defs

    unknown = [
        node for node in nodes_of(proto.graph) if node.domain not in _ONNX or not defs.has(node.op_type)
    ]
    if unknown or proto.functions:
        names = "\n".join(f"{node.name}/" for node in unknown)
        raise cannot_write("ONNX", model, names, [node.op_type for node in unknown])


def _name_output(proto: Any) -> None:
    (output,) = proto.graph.output
    for node in proto.graph.node:
        for names in (node.input, node.output):
            for number, name in enumerate(names):
                if name == output.name:
                    names[number] = OUTPUT
    output.name = OUTPUT


@contextlib.contextmanager
def _listening(said: list[str]) -> Iterator[None]:
    """Collect what the converter logs as an error, in place of writing it to the terminal."""

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR:
                said.append(record.getMessage())

    logger, collector = logging.getLogger(_CONVERTER), Collector()
    before = logger.propagate, list(logger.handlers), logger.level
    logger.propagate, logger.handlers = False, [collector]
    try:
        yield
    finally:
        logger.propagate, logger.handlers = before[0], before[1]
        logger.setLevel(before[2])
