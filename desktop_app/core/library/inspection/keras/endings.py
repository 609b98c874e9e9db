"""The activations that a network's numbers come from, read off its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.keras.network.graph import Graph, Layer, Tensor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_app.core.library.inspection.keras.network.graph import Chain

_UNCHANGED = {
    "Identity", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianDropout", "GaussianNoise",
    "AlphaDropout", "ActivityRegularization", "Flatten", "Reshape", "GlobalAveragePooling1D",
    "GlobalAveragePooling2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D", "AveragePooling1D",
    "AveragePooling2D", "MaxPooling1D", "MaxPooling2D", "Average", "Maximum", "Minimum", "Concatenate", "Add",
    "Subtract", "Multiply", "Divide", "TrueDivide", "Rescaling", "Mean", "Max", "Min", "Amax", "Amin",
    "Squeeze", "ExpandDims", "GetItem", "Stack", "Split", "Transpose", "Swapaxes", "Moveaxis", "Permute",
    "Cast", "Copy", "StopGradient", "Flip", "ConvertToTensor",
}  # fmt: skip
"""Layers and functions whose results mean what their inputs do: arithmetic makes no class of none."""
_OWN = {
    "Softmax": "softmax", "ReLU": "relu", "LeakyReLU": "leaky_relu", "PReLU": "prelu", "ELU": "elu",
    "UnitNormalization": "normalization", "LayerNormalization": "normalization",
    "BatchNormalization": "normalization", "GroupNormalization": "normalization",
    "RMSNormalization": "normalization", "Normalize": "normalization", "LogSoftmax": "log_softmax",
    "Sigmoid": "sigmoid", "HardSigmoid": "sigmoid", "Tanh": "tanh", "Relu": "relu", "Relu6": "relu6",
    "LeakyRelu": "leaky_relu", "Elu": "elu", "Selu": "selu", "Gelu": "gelu", "Silu": "silu",
    "HardSilu": "hard_silu", "Softplus": "softplus", "Softsign": "softsign", "LogSigmoid": "log_sigmoid",
}  # fmt: skip
"""Layers that are an activation themselves, and those that features end in."""
_SIGMOIDS = {"sigmoid", "hard_sigmoid"}
_MOST = 200
"""Layers to look at, at most: the search goes into every branch."""


def activations(model: Chain | Graph) -> frozenset[str]:
    """Name the activations that make a network's outputs: one, or one for each branch before they join.

    Returns:
        Names as Keras has them, all kinds of sigmoid as ``sigmoid``, no activation as ``linear``, and
        ``normalization`` for such a layer; empty where something else comes last.
    """
    names = set()
    for number, layer in enumerate(_last(model)):
        name = _activation(layer) if number < _MOST else ""
        if not name:
            return frozenset()
        names.add(name)
    return frozenset(names)


def _activation(layer: Layer) -> str:
    if layer.kind in _OWN:
        return _OWN[layer.kind]
    config = layer.config
    if layer.kind == "SpectralNormalization":
        config = config["layer"]["config"]
    if "activation" not in config:
        return ""
    name = str(config["activation"] or "linear")
    return "sigmoid" if name in _SIGMOIDS else name


def _passes_on(layer: Layer) -> bool:
    if layer.kind == "Activation" and layer.config.get("activation") in (None, "linear"):
        return True
    return layer.kind in _UNCHANGED


def _last(model: Chain | Graph) -> Iterator[Layer]:
    """Go backwards from the output of a network, in all branches, to the first layers that change numbers."""
    if isinstance(model, Graph):
        yield from _before(model, model.output, set())
        return
    for part in reversed(model.parts):
        if not isinstance(part, Layer):
            yield from _last(part)
            return
        if not _passes_on(part):
            yield part
            return


def _before(model: Graph, tensor: Tensor, met: set[Tensor]) -> Iterator[Layer]:
    if tensor in met or tensor.layer == model.entry.name:
        return
    met.add(tensor)
    position = next(number for number, part in enumerate(model.parts) if part.name == tensor.layer)
    part = model.parts[position]
    if not isinstance(part, Layer):
        yield from _last(part)
    elif not _passes_on(part):
        yield part
    else:
        for source in model.calls[position][tensor.call].tensors:
            yield from _before(model, source, met)
