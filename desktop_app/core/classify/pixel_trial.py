"""What a network from elsewhere answers under each choice of pixel values, before it is imported."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.foreign_kinds import is_foreign
from desktop_app.core.library.pixel_choices import BY_CONTRADICTION, BY_STATISTICS, Clue, ranked
from desktop_app.core.networks.layers import layers_of
from desktop_app.core.networks.pixels import pixel_choices
from desktop_app.core.networks.preprocessing import fit_to_input, network_input

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
_CONTRADICTS = 5.0
"""Factor by which what speaks from the file must fit less than the best choice to be doubted."""
_SAME_AS: dict[Preprocessing, Preprocessing] = {"efficientnet-lite": "symmetric"}
"""Choices that statistics cannot tell apart."""
_REVERSED: dict[Preprocessing, Preprocessing] = {"bgr": "none"}
"""Choices that differ in the order of channels only: photos look much alike either way, so that the
statistics count for the usual order unless the other one fits clearly better."""


@dataclass(frozen=True, slots=True)
class PixelTrial:
    """The choices once more, with what the network itself tells.

    Attributes:
        choices: The choices, the likeliest first.
        answers: For each choice, the readable label and the probability of the best class of each picture,
            none for a network that gives no classes; a choice is left out under which it gives no numbers.
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
    if is_foreign(card.architecture):
        return _foreign_trial(path, card, clues, pictures, cancel)
    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.inference.tensorflow_network import device_name
    from desktop_app.core.library.inspection.keras.loading import load_checked_model

    network = load_checked_model(path)
    fitted = _fitted(card, pictures)
    outputs: dict[Preprocessing, NDArray[np.float32]] = {}
    inputs: dict[Preprocessing, Any] = {}
    for choice in pixel_choices(card.input.channels):
        cancel.check()
        inputs[choice] = _given(card, choice, fitted)
        outputs[choice] = _outputs(card, network, inputs[choice])
    finite = {choice: rows for choice, rows in outputs.items() if np.isfinite(rows).all()}
    leading = ranked(card.input.channels, clues)[0]
    clue = _statistics_clue(network, inputs, leading.preprocessing if leading.likely else None)
    known = clue is None or any(
        (clue.preprocessing, clue.reason) == (one.preprocessing, one.reason) for one in clues
    )
    answers: dict[Preprocessing, tuple[tuple[str, float], ...]] = dict.fromkeys(finite, ())
    if finite and card.task not in ("regression", "embedding"):
        classifier = Classifier.of_keras(card, network, device_name())
        classifier.settle_kind(np.concatenate(list(finite.values())))
        answers = {
            choice: tuple(_best(card, row) for row in classifier.probabilities(rows))
            for choice, rows in finite.items()
        }
    return PixelTrial(
        ranked(card.input.channels, clues if known or clue is None else [*clues, clue]), answers
    )


def _fitted(card: ModelCard, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    return np.stack([fit_to_input(picture, card.input, "squash") for picture in pictures])


def _given(card: ModelCard, choice: Preprocessing, fitted: NDArray[np.uint8]) -> Any:
    """What the network gets of fitted pictures under a choice of pixel values."""
    return network_input(fitted, card.input.model_copy(update={"preprocessing": choice}))


def _foreign_trial(
    path: Path,
    card: ModelCard,
    clues: Sequence[Clue],
    pictures: Sequence[NDArray[np.uint8]],
    cancel: CancelToken,
) -> PixelTrial:
    """The same for a network that OpenVINO alone runs, by a clean copy of it."""
    from desktop_app.core.classify.foreign import foreign_classifier, store_clean

    answers: dict[Preprocessing, tuple[tuple[str, float], ...]] = {}
    fitted = [fit_to_input(picture, card.input, "squash") for picture in pictures]
    with tempfile.TemporaryDirectory(prefix="sightline-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / card.weights_file
        store_clean(card.architecture, path, copy, cancel)
        for choice in pixel_choices(card.input.channels):
            cancel.check()
            tried = card.changed(input=card.input.model_dump() | {"preprocessing": choice})
            classifier = foreign_classifier(tried, copy)
            with contextlib.suppress(ModelError):  # numbers beyond all bounds, for pixels it never saw
                classifier.warm_up()
                rows = classifier.probabilities(classifier.outputs(fitted))
                answers[choice] = tuple(_best(card, row) for row in rows)
    return PixelTrial(ranked(card.input.channels, clues), answers)


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


_LIKE_ITS_PICTURES = "With these, photos look to the network most like the pictures it was trained on."


def _statistics_clue(
    network: keras.Model, inputs: Mapping[Preprocessing, Any], leading: Preprocessing | None
) -> Clue | None:
    """Compare what the first BatchNormalization kept of its training with what each choice gives it.

    Args:
        network: The network.
        inputs: The pictures, prepared in each way.
        leading: What the file speaks for.
    """
    distances = _distances(network, inputs.__getitem__, tuple(inputs))
    best = _best_fit(distances)
    if best is None:
        return None
    doubted = leading is not None and _contradicts(distances, best, leading)
    return Clue(best, BY_CONTRADICTION if doubted else BY_STATISTICS, _LIKE_ITS_PICTURES)


def _best_fit(distances: Mapping[Preprocessing, float]) -> Preprocessing | None:
    """The choice that fits clearly better than all others; None where there is none."""
    if not distances:
        return None
    best = min(distances, key=lambda choice: distances[choice])
    twin = _REVERSED.get(best)
    if twin is not None and distances.get(twin, np.inf) < _CLEARLY * distances[best]:
        best = twin
    bound = _CLEARLY * min(distances.values())
    rivals = (other for other in distances if other != best and _REVERSED.get(other) != best)
    if distances[best] > _FIT or any(distances[other] < bound for other in rivals):
        return None
    return best


def _contradicts(distances: Mapping[Preprocessing, float], best: Preprocessing, other: Preprocessing) -> bool:
    """Whether another choice fits so much less than the best that both cannot be true."""
    other = _SAME_AS.get(other, other)
    if other not in distances or other in {best, _REVERSED.get(best)}:
        return False
    return distances[other] > max(_FIT, _CONTRADICTS * distances[best])


def _distances(
    network: keras.Model,
    prepared: Callable[[Preprocessing], Any],
    choices: Sequence[Preprocessing],
) -> dict[Preprocessing, float]:
    """How far what each choice gives the first BatchNormalization is from what it kept of its training.

    The measure is the symmetric Kullback-Leibler divergence of two normal distributions, averaged over the
    channels. Nothing is returned for a network without such a layer, or one that was never trained.
    """
    import keras

    found = (each for each in layers_of(network) if isinstance(each, keras.layers.BatchNormalization))
    layer = next(found, None)
    if layer is None:
        return {}
    mean, variance = np.asarray(layer.moving_mean.numpy()), np.asarray(layer.moving_variance.numpy())
    if not mean.any() and (variance == 1).all():
        return {}  # never trained
    distances: dict[Preprocessing, float] = {}
    for choice in choices:
        if choice in _SAME_AS:
            continue
        values = _input_of(layer, network, prepared(choice))
        if values is None:
            return {}
        distance = _divergence(mean, variance, values.mean(axis=0), values.var(axis=0))
        distances[choice] = distance if np.isfinite(distance) else np.inf
    return distances


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


def statistics_clue(
    card: ModelCard, network: keras.Model, fitted: NDArray[np.uint8], leading: Preprocessing | None
) -> Clue | None:
    """Look which pixels a loaded network itself speaks for.

    Args:
        card: Its card.
        network: The network.
        fitted: Photographs of its size, RGB uint8 ``(N, height, width, 3)``.
        leading: The pixels that its file speaks for; None for none.
    """
    choices = pixel_choices(card.input.channels)
    inputs = {choice: _given(card, choice, fitted) for choice in choices}
    return _statistics_clue(network, inputs, leading)
