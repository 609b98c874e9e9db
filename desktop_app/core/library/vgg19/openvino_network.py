"""VGG19 for OpenVINO, straight from its weights file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.library.imagenet.stored_weights import stored_weights
from desktop_app.core.library.vgg19.layout import BLOCKS, INPUT_SIZE, kernel_shapes
from desktop_app.core.networks.opset import OpsetGraph

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

ADVICE = "Download the published weights, or import a file of the same layout."


def vgg19_for_openvino(weights: Path) -> Any:
    """Build VGG19 with its preprocessing.

    Args:
        weights: HDF5 file of the layout that `network.load_vgg19` takes.

    Returns:
        An ``openvino.Model`` from RGB uint8 ``(1, 224, 224, 3)`` to ``(1, 1000)`` probabilities.

    Raises:
        ModelError: The file is not HDF5, lacks a layer or has one of another shape.
        EngineError: OpenVINO does not start.
    """
    graph = OpsetGraph()
    pixels = graph.pictures(INPUT_SIZE, INPUT_SIZE)
    values = graph.channels_first(graph.prepared(pixels, "vgg19"))
    shapes = kernel_shapes()
    with stored_weights(weights, "VGG19", ADVICE) as stored:

        def arrays(layer: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            return stored.arrays(layer, shapes[layer], shapes[layer][-1:])

        for block, (_channels, depth) in enumerate(BLOCKS, start=1):
            for convolution in range(1, depth + 1):
                name = f"block{block}_conv{convolution}"
                values = graph.relu(graph.convolution(values, *arrays(name)))
            values = graph.halved(values)
        values = graph.flattened(values)
        for name in ("fc1", "fc2"):
            values = graph.relu(graph.dense(values, *arrays(name)))
        values = graph.softmax(graph.dense(values, *arrays("predictions")))
    return graph.model(pixels, [values], "vgg19")
