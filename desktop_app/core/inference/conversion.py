"""From a network in TensorFlow to one that OpenVINO reads."""

from __future__ import annotations

import contextlib
import os
import tempfile
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.engine.compiled import NotFinite, check_finite, read_network, reason_of
from desktop_app.core.engine.loading import EngineError
from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.files import scratch_folder
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from desktop_app.core.inference.tensorflow_network import TensorFlowNetwork


_STDERR = 2
_PRODUCTS = {"MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "Einsum"}
_REMARKS = (b"WARNING: All log messages before absl", b"I0000 ")


class CannotConvert(ModelError):
    """OpenVINO cannot take a network; TensorFlow answers in its place.

    Attributes:
        what: A part of a sentence, which continues "OpenVINO cannot run it: ".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"OpenVINO cannot run this network: {reason}.")
        self.what = reason


def convert(network: TensorFlowNetwork, folder: Path) -> Any:
    """Hand a network over as one graph: the preprocessing, the layers and, with a bank, the features.

    The graph is written without the weights, which are put in afterwards as they are: as a part of it they
    would be copied half a dozen times, 1 GB for a network of 100 MB. Where OpenVINO cannot read such a graph,
    as with some loops, the weights are made a part of it.

    Args:
        network: The network; the model that is returned refers to its weights.
        folder: A folder to write the graph to for a moment.

    Returns:
        An ``openvino.Model`` from RGB uint8 ``(N, height, width, 3)`` to what `TensorFlowNetwork.run` gives.

    Raises:
        CannotConvert, EngineError, OSError: As `hand_over` says.
    """
    try:
        function, weights = network.function_of_weights()
        model = _read(function, folder, weights)
    except (CannotConvert, TypeError, ValueError):
        return hand_over(network.function("batch"), folder)
    _check_finite(model)
    return model


def hand_over(function: Any, folder: Path, weights: Sequence[Any] = ()) -> Any:
    """Hand over a function of TensorFlow.

    Args:
        function: A concrete function of the picture, and after it of weights.
        folder: A folder to write the graph to for a moment.
        weights: The weights in the order of those inputs; the model that is returned refers to them.

    Returns:
        An ``openvino.Model`` with the function's outputs in their order, as `convert` says.

    Raises:
        CannotConvert: OpenVINO does not know an operation, the graph is larger than 2 GB, or its weights hold
            NaN or infinity.
        EngineError: OpenVINO does not start.
        OSError: The graph cannot be written.
    """
    model = _read(function, folder, weights)
    _check_finite(model)
    return model


def _read(function: Any, folder: Path, weights: Sequence[Any] = ()) -> Any:
    """Hand over a function whose first input is the picture and whose others are weights."""
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    # Both libraries raise whatever comes up in their translators; all of it means the same to a person.
    try:
        with without_remarks():
            frozen = convert_variables_to_constants_v2(function)
        graph = frozen.graph.as_graph_def().SerializeToString()
    except Exception as error:
        raise CannotConvert(_words(error)) from error
    for operation in frozen.graph.get_operations():
        if operation.type in _PRODUCTS and any(source.dtype.is_integer for source in operation.inputs):
            # OpenVINO 2026.4 keeps the sums in the format of the factors, where they do not fit.
            raise CannotConvert("it multiplies matrices of whole numbers, whose sums OpenVINO cuts off")
    with scratch_folder(folder) as temporary:
        path = temporary / "network.pb"
        path.write_bytes(graph)
        del graph
        try:
            model = read_network(path)
            inputs = [tensor.name for tensor in frozen.inputs]
            return _in_order(model, inputs, [tensor.name for tensor in frozen.outputs], weights)
        except (CannotConvert, EngineError):
            raise
        except ModelError as error:
            raise CannotConvert(printable(reason_of(_cause(error)))) from error
        except Exception as error:
            raise CannotConvert(_words(error)) from error


def _cause(error: Exception) -> Exception:
    """What OpenVINO raised, without our words around it."""
    return error.__cause__ if isinstance(error.__cause__, Exception) else error


def _words(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "there is too little memory to convert it"
    return printable(reason_of(error))


@contextlib.contextmanager
def without_remarks() -> Iterator[None]:
    """Keep from the terminal what TensorFlow remarks on GPUs while it puts functions into one graph.

    Its own variable for fewer remarks does not reach these. Everything else that is written to the standard
    error meanwhile, by any thread, comes after the body.
    """
    try:
        before = os.dup(_STDERR)
    except OSError:  # a window without a terminal
        yield
        return
    try:
        with tempfile.TemporaryFile() as caught:
            os.dup2(caught.fileno(), _STDERR)
            try:
                yield
            finally:
                os.dup2(before, _STDERR)
                caught.seek(0)
                for line in caught:
                    if not line.startswith(_REMARKS):
                        os.write(_STDERR, line)
    finally:
        os.close(before)


def _in_order(model: Any, inputs: list[str], outputs: list[str], weights: Sequence[Any]) -> Any:
    """Give the outputs the order of TensorFlow's function, and put the weights in the place of inputs."""
    openvino = load_openvino()
    held = dict(zip(inputs[1:], weights, strict=False))
    for entry in list(model.inputs):
        name = next((name for name in held if name in entry.names), None)
        if name is not None:
            values = np.asarray(held[name])
            # OpenVINO refuses to share what cannot be written to, such as TensorFlow's own memory.
            constant = openvino.opset13.constant(values, shared_memory=values.flags.writeable)
            entry.get_node().output(0).replace(constant.output(0))
    left = [entry.get_node() for entry in model.inputs if not held.keys() & entry.names]
    if len(left) != 1:
        raise CannotConvert("it takes something else besides the picture")
    sources = [model.output(name).get_node().input_value(0) for name in outputs]
    return openvino.Model(sources, left, model.get_friendly_name())


def _check_finite(model: Any) -> None:
    """Refuse weights that are not numbers.

    Raises:
        CannotConvert: There are some.
    """
    try:
        check_finite(model)
    except NotFinite as error:
        raise CannotConvert("its weights hold numbers that are none (NaN or infinity)") from error
    except Exception as error:
        raise CannotConvert(_words(error)) from error
