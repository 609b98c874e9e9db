"""The ImageNet networks in the box for OpenVINO, straight from their weights files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.library.imagenet.published import CLASS_COUNT
from desktop_app.core.library.imagenet.stored_weights import StoredWeights, stored_weights
from desktop_app.core.networks.efficientnet_lite import DEPTHWISE, blocks, layer_shapes
from desktop_app.core.networks.opset import OpsetGraph

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.networks.efficientnet_lite import Variant

ADVICE = "Remove the folder of this model: it is made again from the installed package."


def lite_for_openvino(variant: Variant, weights: Path, *, features_only: bool = False) -> Any:
    """Build a network with its preprocessing.

    Args:
        variant: Size of the network.
        weights: HDF5 file with a group for each layer, as `conversion.convert` writes it.
        features_only: Whether its last layer is left out.

    Returns:
        An ``openvino.Model`` from RGB uint8 ``(1, size, size, 3)`` to ``(1, 1000)`` probabilities, or to the
        features ``(1, 1280)``.

    Raises:
        ModelError: The file is not HDF5 or lacks a layer.
        EngineError: OpenVINO does not start.
    """
    graph = OpsetGraph()
    pixels = graph.pictures(variant.size, variant.size)
    with stored_weights(weights, variant.name, ADVICE) as stored:
        values = lite_features(graph, variant, graph.prepared(pixels, "efficientnet-lite"), stored)
        if not features_only:
            shapes = layer_shapes(variant, CLASS_COUNT)["predictions"]
            values = graph.softmax(graph.dense(values, *stored.arrays("predictions", *shapes)))
    return graph.model(pixels, [values], variant.name)


def lite_features(graph: OpsetGraph, variant: Variant, picture: Any, stored: StoredWeights) -> Any:
    """Add the network up to the mean of each channel; see `efficientnet_lite.features`.

    Args:
        graph: The graph.
        variant: Size of the network.
        picture: Preprocessed pictures ``(N, H, W, 3)``.
        stored: The weights.

    Returns:
        Features ``(N, 1280)``.
    """
    shapes = layer_shapes(variant, CLASS_COUNT)

    def arrays(layer: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return stored.arrays(layer, *shapes[layer])

    flow = graph.channels_first(picture)
    flow = graph.relu6(graph.convolution(flow, *arrays("stem"), stride=2))
    for block in blocks(variant):
        inputs, name = flow, block.name
        if block.expansion > 1:
            flow = graph.relu6(graph.convolution(flow, *arrays(f"{name}_expand")))
        flow = graph.relu6(graph.depthwise(flow, *arrays(f"{name}{DEPTHWISE}"), stride=block.stride))
        flow = graph.convolution(flow, *arrays(f"{name}_project"))
        if block.stride == 1 and block.inputs == block.outputs:
            flow = graph.add(inputs, flow)
    return graph.channel_means(graph.relu6(graph.convolution(flow, *arrays("top"))))
