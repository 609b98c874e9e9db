"""What a classifier says about pictures that it was not trained on, all of them in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.features.vectors import unit_rows
from desktop_app.core.label_mistakes.folds import FOLDS, stratified_folds
from desktop_app.core.label_mistakes.softmax_regression import fit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

PENALTY = 1e-3
"""Measured with labels flipped at random: of 1e-4 to 1e-1 the one that ranks them best, on five kinds of
flowers, and on cats and dogs not 0.01 behind the best."""

TOLERANCE = 1e-4
"""A tenth of it finds the same flipped labels and takes five times as long."""

ROUNDS = 2
"""The second is trained without what the first is sure to be mislabeled."""


def out_of_fold(
    features: NDArray[np.float32],
    labels: NDArray[np.int64],
    groups: Sequence[int] | NDArray[np.int64],
    class_count: int,
    *,
    on_fold: Callable[[int], None] = lambda _done: None,
    check: Callable[[], None] = lambda: None,
) -> NDArray[np.float64]:
    """Predict each picture by a regression on the pictures of the other folds.

    Twice: a mislabeled picture pulls those that look like it to the wrong class, so the second round is
    trained without those that the first contradicts confidently (`contradicted`).

    Args:
        features: Features of the pictures, float32 ``(N, F)``.
        labels: Given class of each picture, int64 ``(N,)``, each 0..``class_count`` - 1.
        groups: Number of each picture's group; the copies of a picture stay in one fold.
        class_count: Number of classes ``K``.
        on_fold: Callback with the number of regressions done, of ``FOLDS * ROUNDS``.
        check: Callback between steps; what it raises ends the work.

    Returns:
        Probabilities, float64 ``(N, K)``.
    """
    points = centred(features)
    folds = stratified_folds(labels, groups)
    predicted = np.zeros((len(labels), class_count))
    doubtful = np.zeros(len(labels), np.bool_)
    done, regression = 0, None
    for _ in range(ROUNDS):
        for fold in range(FOLDS):
            inside = folds == fold
            others = ~inside & ~doubtful
            if others.any() and inside.any():
                regression = fit(
                    points[others],
                    labels[others],
                    class_count,
                    penalty=PENALTY,
                    tolerance=TOLERANCE,
                    start=regression,
                    check=check,
                )
                predicted[inside] = regression.probabilities(points[inside])
            done += 1
            on_fold(done)
        doubtful = contradicted(predicted, labels)
    return predicted


def centred(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale features to length 1, shift their mean to 0 and their mean square to 1, ``(N, F)``."""
    points = unit_rows(features)
    points -= points.mean(axis=0)
    size = float(np.sqrt(np.square(points).sum(axis=1).mean())) if len(points) else 0.0
    return np.asarray(points / size if size > 0 else points, np.float32)


def contradicted(predicted: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Find pictures that another class claims as surely as its own pictures.

    The threshold of a class is the mean probability that its pictures get for it (confident learning:
    Northcutt, Jiang and Chuang, Journal of Artificial Intelligence Research 70, 2021).

    Args:
        predicted: Probabilities, float64 ``(N, K)``.
        labels: Given classes, int64 ``(N,)``.

    Returns:
        bool ``(N,)``.
    """
    rows = np.arange(len(labels))
    own = predicted[rows, labels]
    counts = np.bincount(labels, minlength=predicted.shape[1])
    sums = np.bincount(labels, weights=own, minlength=predicted.shape[1])
    usual = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    best, sure = best_others(predicted, labels)
    return np.asarray((sure > own) & (sure >= usual[best]))


def best_others(
    predicted: NDArray[np.float64], labels: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The most probable class but the given one, int64 ``(N,)``, and its probability, float64 ``(N,)``."""
    rows = np.arange(len(labels))
    others = predicted.copy()
    others[rows, labels] = -1
    best = others.argmax(axis=1)
    return best, others[rows, best]
