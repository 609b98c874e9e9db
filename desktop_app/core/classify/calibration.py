"""How far a model's probabilities can be trusted: temperature scaling and calibration error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.networks.readings import softmax

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

BINS = 15
"""Confidence bins of the expected calibration error, as in Guo et al., 2017."""


def expected_calibration_error(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Average distance between confidence and accuracy over equally wide confidence bins.

    Args:
        probabilities: The probabilities, ``(N, classes)``; rows sum to 1.
        labels: The class indices, ``(N,)``.

    Returns:
        0 (perfectly calibrated) to 1.
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    weighted = [
        abs(float(correct[bins == number].mean()) - float(confidence[bins == number].mean()))
        * float((bins == number).mean())
        for number in np.unique(bins)
    ]
    return float(sum(weighted))


def fit_temperature(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Find the temperature with the least negative log-likelihood (Guo et al., 2017).

    The likelihood has one valley over the inverse temperature, so a golden-section search finds it.

    Args:
        logits: The logits, ``(N, classes)``; logarithms of probabilities serve as well.
        labels: The class indices, ``(N,)``, of pictures that the training never saw.

    Returns:
        Temperature between 0.05 and 20.
    """

    def loss(log_temperature: float) -> float:
        scaled = softmax(logits / math.exp(log_temperature))
        return float(-np.log(np.clip(scaled[np.arange(len(labels)), labels], 1e-300, None)).mean())

    return _best_temperature(loss)


def fit_label_temperature(logits: NDArray[np.floating[Any]], truth: NDArray[np.bool_]) -> float:
    """Find the temperature with the least binary cross-entropy, for labels that are right by themselves.

    Args:
        logits: The logits, ``(N, labels)``.
        truth: Whether each label is right, ``(N, labels)``, of pictures that the training never saw.

    Returns:
        Temperature between 0.05 and 20.
    """
    away = np.where(truth, -logits, logits).astype(np.float64)
    return _best_temperature(lambda log: float(np.logaddexp(0.0, away / math.exp(log)).mean()))


def label_calibration_error(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Average distance between probability and share over equally wide bins, of labels by themselves.

    Args:
        probabilities: The probabilities, ``(N, labels)``.
        truth: Whether each label is right, ``(N, labels)``.

    Returns:
        0 (perfectly calibrated) to 1.
    """
    given, right = probabilities.ravel(), truth.ravel()
    bins = np.minimum((given * BINS).astype(int), BINS - 1)
    sums = np.bincount(bins, given, BINS) - np.bincount(bins, right, BINS)
    return float(np.abs(sums).sum() / max(len(given), 1))


def _best_temperature(loss: Callable[[float], float]) -> float:
    """Search for the temperature where ``loss``, a function of its logarithm, is least."""
    low, high = float(np.log(0.05)), float(np.log(20.0))
    ratio = (5**0.5 - 1) / 2
    while high - low > 1e-4:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return math.exp((low + high) / 2)


def unsure_threshold(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64], accuracy: float = 0.5
) -> float:
    """Find the confidence below which fewer than ``accuracy`` of the predictions are right.

    Args:
        probabilities: The calibrated probabilities, ``(N, classes)``.
        labels: The class indices, ``(N,)``.
        accuracy: The share of right predictions (0..1) that counts as sure.

    Returns:
        The centre (0..1) of the highest window of 5% of the predictions whose accuracy is below
        ``accuracy``; the reciprocal of the number of classes when there is none.
    """
    order = np.argsort(probabilities.max(axis=1))
    confidence = probabilities.max(axis=1)[order]
    correct = (probabilities.argmax(axis=1) == labels)[order].astype(float)
    width = max(1, len(labels) // 20)
    window = np.convolve(correct, np.full(width, 1 / width), mode="valid")
    below = np.flatnonzero(window < accuracy)
    if not len(below):
        return 1.0 / int(probabilities.shape[1])
    return float(confidence[below[-1] + width // 2])
