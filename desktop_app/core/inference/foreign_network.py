"""A network of another program, ONNX or TensorFlow Lite, with the preprocessing in front of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from desktop_app.core.engine.compiled import CompiledNetwork, read_network, reason_of
from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.networks.opset import OpsetGraph

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.networks.input_spec import InputSpec

InputType = Literal["float32", "uint8", "int8"]

_RANGES: dict[InputType, tuple[int, int]] = {"uint8": (0, 255), "int8": (-128, 127)}
_NAMES: dict[InputType, str] = {"uint8": "u8", "int8": "i8"}


@dataclass(frozen=True, slots=True)
class Entrance:
    """In which numbers a network of another program wants the prepared pixels; the card has their order.

    Attributes:
        dtype: The type of its numbers.
        scale: For whole numbers: what one of them stands for.
        zero_point: For whole numbers: the one that stands for 0. The network gets
            ``round(value / scale) + zero_point``, within the range of its type.
    """

    dtype: InputType = "float32"
    scale: float = 1.0
    zero_point: int = 0


def input_shape(spec: InputSpec) -> list[int]:
    """Shape of one picture as a network takes it, with the axis of pictures in front."""
    height, width, channels = spec.height, spec.width, spec.channels
    match spec.layout:
        case "nchw":
            return [1, channels, height, width]
        case "nhw":
            return [1, height, width]
        case "flat":
            return [1, height * width * channels]
    return [1, height, width, channels]


def read_foreign(path: Path, spec: InputSpec, entrance: Entrance) -> Any:
    """Read a network of another program and put the preprocessing in front of it.

    Args:
        path: An ``.onnx`` or ``.tflite`` file, which was inspected.
        spec: The card's input.
        entrance: What the inspection found about the network's input.

    Returns:
        An ``openvino.Model`` from RGB uint8 ``(1, height, width, 3)`` to float32 ``(1, outputs)``.

    Raises:
        ModelError: OpenVINO cannot read it, or it does not fit the card.
        EngineError: OpenVINO does not start.
    """
    model = read_network(path)
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ModelError(f"OpenVINO reads {path.name} as a network of several inputs or outputs.")
    inputs = model.input(0)
    graph = OpsetGraph()
    pixels = graph.pictures(spec.height, spec.width)
    try:
        model.reshape({inputs: input_shape(spec)})
        values = _prepared(graph, pixels, spec, entrance)
        for target in list(inputs.get_target_inputs()):
            target.replace_source_output(values.output(0))
        ops = load_openvino().opset13
        row = ops.reshape(model.output(0).get_node().input_value(0), np.array([1, -1]), False)
        return graph.model(pixels, [ops.convert(row, "f32")], path.name)
    except RuntimeError as error:
        raise ModelError(f"OpenVINO cannot read {path.name}: {reason_of(error)}.") from error


class Preparation:
    """The preprocessing alone, for whoever asks another engine about the same pictures."""

    def __init__(self, spec: InputSpec, entrance: Entrance) -> None:
        """Compile it.

        Args:
            spec: The card's input.
            entrance: What the inspection found about the network's input.

        Raises:
            ModelError: OpenVINO cannot compile it.
            EngineError: OpenVINO does not start.
        """
        graph = OpsetGraph()
        ops = load_openvino().opset13
        pixels = graph.pictures(spec.height, spec.width)
        values = ops.convert(_prepared(graph, pixels, spec, entrance), "f32")
        flat = ops.reshape(values, np.array([1, -1]), False)
        self._compiled = CompiledNetwork(graph.model(pixels, [flat], "preparation"))
        self._shape = input_shape(spec)
        self._dtype = entrance.dtype

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[Any]:
        """Prepare pictures, RGB uint8 ``(N, height, width, 3)``, as the network wants them."""
        rows = self._compiled.run(pixels)[0]
        return rows.reshape(len(pixels), *self._shape[1:]).astype(self._dtype)


def _prepared(graph: OpsetGraph, pixels: Any, spec: InputSpec, entrance: Entrance) -> Any:
    """Everything between the picture and the network's input."""
    ops = load_openvino().opset13
    values = graph.network_input(pixels, spec)
    if entrance.dtype == "float32":
        return values
    low, high = _RANGES[entrance.dtype]
    steps = ops.round(ops.divide(values, np.float32(entrance.scale)), "half_away_from_zero")
    moved = ops.add(steps, np.float32(entrance.zero_point))
    return ops.convert(ops.clamp(moved, float(low), float(high)), _NAMES[entrance.dtype])
