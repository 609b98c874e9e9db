"""VGG19 for OpenVINO, straight from its weights file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.engine.compiled import Part
from desktop_app.core.engine.mapped_file import HeldWeights
from desktop_app.core.library.imagenet.stored_weights import StoredWeights, stored_weights
from desktop_app.core.library.vgg19.layout import BLOCKS, INPUT_SIZE, kernel_shapes
from desktop_app.core.networks.opset import OpsetGraph

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.engine.compiled import Precision
    from desktop_app.core.engine.mapped_file import MappedFile

ADVICE = "Download the published weights, or import a file of the same layout."

_PIECE = 512
"""Rows of a dense layer's kernel that are multiplied at once."""


def vgg19_for_openvino(weights: Path, precision: Precision = "float32") -> list[Part]:
    """Build VGG19 with its preprocessing.

    The dense layers have 494 of the 575 MB of weights. In float32 they are used where they lie in the file;
    OpenVINO's own copy of them would take as much memory again, and more time than an answer. In bfloat16 it
    has to make one. There are three parts, so that not all of the file is in memory at once.

    Args:
        weights: HDF5 file of the layout that `network.load_vgg19` takes.
        precision: The numbers that it will be computed with.

    Returns:
        The parts for `CompiledNetwork`, from RGB uint8 ``(1, 224, 224, 3)`` to ``(1, 1000)`` probabilities.

    Raises:
        ModelError: The file is not HDF5, lacks a layer or has one of another shape.
        EngineError: OpenVINO does not start.
    """
    with stored_weights(weights, "VGG19", ADVICE) as stored:
        return _Builder(stored, held=precision == "float32").parts()


class _Builder:
    def __init__(self, stored: StoredWeights, *, held: bool) -> None:
        self._stored = stored
        self._graph = OpsetGraph()
        self._held = held
        self._shapes = kernel_shapes()
        self._inputs: list[Any] = []
        self._weights: list[HeldWeights] = []
        self._constants: list[HeldWeights] = []
        self._layers: dict[str, tuple[NDArray[np.float32], MappedFile | None, NDArray[np.float32]]] = {}

    def parts(self) -> list[Part]:
        """Build all three, which take turns in using the graph."""
        graph = self._graph
        pixels = graph.pictures(INPUT_SIZE, INPUT_SIZE)
        features = graph.flattened(self._convolutions(graph.channels_first(graph.prepared(pixels, "vgg19"))))
        rows, units = self._shapes["fc1"]
        channels, _depth = BLOCKS[-1]
        half = rows // channels // 2 * channels
        sums = self._product("fc1", graph.columns(features, 0, half), channels, 0, half)
        first = self._part("convolutions", [pixels], [graph.columns(features, half, rows), sums])

        features, sums = graph.numbers(1, rows - half), graph.numbers(1, units)
        more = graph.add(sums, self._product("fc1", features, channels, half, rows))
        second = self._part("fc1", [features, sums], [graph.relu(self._biased("fc1", more))])

        hidden = graph.numbers(1, units)
        values = graph.relu(self._biased("fc2", self._product("fc2", hidden)))
        answer = graph.softmax(self._biased("predictions", self._product("predictions", values)))
        return [first, second, self._part("fc2", [hidden], [answer])]

    def _convolutions(self, values: Any) -> Any:
        graph = self._graph
        for block, (_channels, depth) in enumerate(BLOCKS, start=1):
            for convolution in range(1, depth + 1):
                name = f"block{block}_conv{convolution}"
                kernel, bias = self._stored.arrays(name, self._shapes[name], self._shapes[name][-1:])
                values = graph.relu(graph.convolution(values, kernel, bias))
            values = graph.halved(values)
        return values

    def _product(
        self, layer: str, values: Any, piece: int = _PIECE, start: int = 0, end: int | None = None
    ) -> Any:
        """Multiply by some rows of a dense layer's kernel."""
        kernel, file, _bias = self._dense(layer)
        kernel = kernel[start:end]
        rows, width = kernel.shape
        if not self._held:
            self._constants.append(HeldWeights(kernel, file))
            return self._graph.product(values, kernel)
        pieces = max(1, rows // piece)
        found, kernel_input = self._graph.held_product(values, pieces, width)
        self._inputs.append(kernel_input)
        self._weights.append(HeldWeights(kernel.reshape(pieces, -1, width), file))
        return found

    def _biased(self, layer: str, values: Any) -> Any:
        return self._graph.biased(values, self._dense(layer)[2])

    def _dense(self, layer: str) -> tuple[NDArray[np.float32], MappedFile | None, NDArray[np.float32]]:
        """Kernel, the file it is mapped to, and bias; read once."""
        if layer not in self._layers:
            self._layers[layer] = self._stored.mapped(layer, self._shapes[layer], self._shapes[layer][-1:])
        return self._layers[layer]

    def _part(self, name: str, inputs: list[Any], outputs: list[Any]) -> Part:
        model = self._graph.model([*inputs, *self._inputs], outputs, name)
        part = Part(model, tuple(self._weights), tuple(self._constants))
        self._inputs, self._weights, self._constants = [], [], []
        return part
