"""What a network from elsewhere answers under each choice of pixel values, before it is imported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.pixel_choices import BY_STATISTICS, Clue, ranked
from desktop_app.core.networks.layers import layers_of
from desktop_app.core.networks.pixels import pixel_choices
from desktop_app.core.networks.preprocessing import fit_to_input, preprocess

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import keras
    from numpy.typing import NDArray

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.pixel_choices import PixelChoice
    from desktop_app.core.networks.input_spec import Preprocessing

_FIT = 2.5
"""Divergence below which statistics fit: on pictures of another kind, right choices had 0.7 to 0.8."""
_CLEARLY = 1.5
"""Factor by which the next choice must fit less."""
_SAME_AS: dict[Preprocessing, Preprocessing] = {"efficientnet-lite": "symmetric"}
"""Choices that statistics cannot tell apart."""


@dataclass(frozen=True, slots=True)
class PixelTrial:
    """The choices once more, with what the network itself tells.

    Attributes:
        choices: The choices, the likeliest first.
        answers: For each choice, the readable label and the probability of the best class of each picture.
    """

    choices: tuple[PixelChoice, ...]
    answers: Mapping[Preprocessing, tuple[tuple[str, float], ...]]


def try_pixels(
    path: Path,
    card: ModelCard,
    clues: Sequence[Clue],
    pictures: Sequence[NDArray[np.uint8]],
    cancel: CancelToken,
) -> PixelTrial:
    """Let a network answer for some pictures under each choice of pixel values.

    Args:
        path: The ``.keras`` file; it is inspected first.
        card: The card that it would get.
        clues: What its file tells.
        pictures: The pictures, RGB uint8 ``(H, W, 3)``, at least one.
        cancel: Token checked between the choices.

    Raises:
        ModelError: The network is refused, cannot be loaded or fails.
        Cancelled: The user cancelled.
    """
    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.inference.tensorflow_network import device_name
    from desktop_app.core.library.inspection.keras.loading import load_checked_model

    network = load_checked_model(path)
    classifier = Classifier.of_keras(card, network, device_name())
    fitted = np.stack([fit_to_input(picture, card.input, "squash") for picture in pictures])
    outputs: dict[Preprocessing, NDArray[np.float32]] = {}
    inputs: dict[Preprocessing, Any] = {}
    for choice in pixel_choices(card.input.channels):
        cancel.check()
        inputs[choice] = preprocess(fitted, choice, card.input.channels)
        outputs[choice] = _outputs(card, network, inputs[choice])
    finite = {choice: rows for choice, rows in outputs.items() if np.isfinite(rows).all()}
    if finite:
        classifier.settle_kind(np.concatenate(list(finite.values())))
    clue = _statistics_clue(network, inputs)
    answers = {
        choice: tuple(_best(card, row) for row in classifier.probabilities(rows))
        for choice, rows in finite.items()
    }
    return PixelTrial(ranked(card.input.channels, [*clues, clue] if clue else clues), answers)


def _outputs(card: ModelCard, network: keras.Model, inputs: Any) -> NDArray[np.float32]:
    """Let the network answer for one picture after the other.

    Raises:
        ModelError: It cannot.
    """
    import tensorflow as tf

    try:
        rows = [network(inputs[number : number + 1], training=False).numpy() for number in range(len(inputs))]
    except (tf.errors.OpError, MemoryError, ValueError, TypeError) as error:
        reason = printable(str(error).strip().split("\n", 1)[0][:300].rstrip("."))
        raise ModelError(
            f"{card.name} cannot classify pictures: {reason or type(error).__name__}.",
            "This computer cannot run it, or its layers do not fit together: choose another model.",
        ) from error
    return np.concatenate(rows).astype(np.float32)


def _best(card: ModelCard, row: NDArray[np.float64]) -> tuple[str, float]:
    if card.task == "embedding":  # features have no names
        return "", 0.0
    index = int(row.argmax())
    return card.classes[index].readable, float(row[index])


def _statistics_clue(network: keras.Model, inputs: Mapping[Preprocessing, Any]) -> Clue | None:
    """Compare what the first BatchNormalization kept of its training with what each choice gives it.

    The measure is the symmetric Kullback-Leibler divergence of two normal distributions, averaged over the
    channels.
    """
    import keras

    found = (each for each in layers_of(network) if isinstance(each, keras.layers.BatchNormalization))
    layer = next(found, None)
    if layer is None:
        return None
    mean, variance = np.asarray(layer.moving_mean.numpy()), np.asarray(layer.moving_variance.numpy())
    if not mean.any() and (variance == 1).all():
        return None  # never trained
    distances: dict[Preprocessing, float] = {}
    for choice, pixels in inputs.items():
        if choice in _SAME_AS:
            continue
        values = _input_of(layer, network, pixels)
        if values is None:
            return None
        distance = _divergence(mean, variance, values.mean(axis=0), values.var(axis=0))
        distances[choice] = distance if np.isfinite(distance) else np.inf
    best, *others = sorted(distances, key=lambda choice: distances[choice])
    if distances[best] > _FIT or any(distances[other] < _CLEARLY * distances[best] for other in others):
        return None
    reason = "With these, photos look to the network most like the pictures it was trained on."
    return Clue(best, BY_STATISTICS, reason)


class _SeenError(Exception):
    """The layer was reached; the rest of the network need not run."""


def _input_of(layer: keras.Layer, network: keras.Model, pixels: Any) -> NDArray[np.float64] | None:
    """Run a network as far as a layer; returns what that gets, ``(positions, channels)``."""
    seen: list[Any] = []

    def call(values: Any, *_arguments: Any, **_options: Any) -> Any:
        seen.append(values)
        raise _SeenError

    original = layer.call
    layer.call = call
    try:
        network(pixels, training=False)
    except _SeenError:
        values = np.asarray(seen[0].numpy(), np.float64)
        return values.reshape(-1, values.shape[-1])
    finally:
        layer.call = original
    return None


def _divergence(
    mean: NDArray[Any], variance: NDArray[Any], other_mean: NDArray[Any], other_variance: NDArray[Any]
) -> float:
    one, other = variance.astype(np.float64) + 1e-12, other_variance + 1e-12
    apart = (mean - other_mean) ** 2
    both = (other + apart) / one + (one + apart) / other - 2
    return float(np.mean(both / 2))
