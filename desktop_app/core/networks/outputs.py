"""What the numbers in a network's output mean: read off its last activation, not guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import keras

Task = Literal["classification", "multi-label", "regression", "embedding"]
"""What a network's outputs are for.

``classification``: one of several classes is right. ``multi-label``: each label is right or not by itself.
``regression``: amounts. ``embedding``: features, such that like pictures have like ones.
"""

TASK_WORDS: Mapping[Task, str] = {
    "classification": "one of several classes",
    "multi-label": "several labels at once",
    "regression": "amounts",
    "embedding": "features",
}

OUTPUT_NOUNS: Mapping[Task, tuple[str, str]] = {
    "classification": ("class", "classes"),
    "multi-label": ("label", "labels"),
    "regression": ("amount", "amounts"),
    "embedding": ("feature", "features"),
}
"""What one output is called, and several."""

DEFAULT_THRESHOLD = 0.5
"""The probability from which on a label is right, where the card names none."""

OutputKind = Literal["softmax", "sigmoid", "logits", "unknown"]
"""``softmax``: a distribution over the classes. ``sigmoid``: a probability for each output by itself.
``logits``: any numbers, the larger the likelier. ``unknown``: computed from something else than one
activation, such as the mean of two softmaxes."""

Output = Literal["softmax", "sigmoid"]
"""What a network that is trained here ends in: a distribution, or a probability for each output."""

_KINDS: dict[str, OutputKind] = {"softmax": "softmax", "sigmoid": "sigmoid", "hard_sigmoid": "sigmoid"}
"""By the name of the activation function; the outputs of any other one are taken for logits."""


def output_kind(model: keras.Model) -> OutputKind:
    """Find the activation that makes a network's output.

    The search goes backwards from the output: into models within the model, and past layers that change no
    number in prediction, such as Dropout.

    Args:
        model: A Functional or Sequential network with one output.

    Returns:
        What the output is.
    """
    import keras

    layers = keras.layers
    tensor = model.outputs[0]
    calls: list[Any] = []  # what the models around the present one are called with
    while True:
        layer = tensor._keras_history.operation  # noqa: SLF001 - Keras has no public way from result to layer
        if isinstance(layer, keras.Model):
            calls.append(_input(tensor))
            tensor = layer.outputs[0]
        elif isinstance(layer, layers.InputLayer):
            if not calls:
                return "unknown"
            tensor = calls.pop()
        elif _passes_on(layer):
            tensor = _input(tensor)
        else:
            return _kind(layer)


def _input(tensor: Any) -> Any:
    """What a layer was called with when it gave ``tensor``."""
    history = tensor._keras_history  # noqa: SLF001 - as above
    return history.operation._inbound_nodes[history.node_index].input_tensors[0]  # noqa: SLF001 - as above


def _passes_on(layer: Any) -> bool:
    """Whether a layer returns its input unchanged in prediction."""
    import keras

    layers = keras.layers
    unchanged = (
        layers.Identity, layers.Dropout, layers.SpatialDropout2D, layers.GaussianDropout,
        layers.GaussianNoise, layers.ActivityRegularization, layers.Flatten, layers.Reshape,
    )  # fmt: skip
    return isinstance(layer, unchanged) or (
        isinstance(layer, layers.Activation) and layer.activation is keras.activations.linear
    )


def _kind(layer: Any) -> OutputKind:
    import keras

    layers = keras.layers
    if isinstance(layer, layers.Softmax):
        return "softmax"
    if isinstance(layer, layers.ReLU | layers.LeakyReLU | layers.PReLU | layers.ELU):
        return "logits"
    activation = getattr(layer, "activation", None)
    if activation is None:
        return "unknown"
    return _KINDS.get(getattr(activation, "__name__", ""), "logits")
