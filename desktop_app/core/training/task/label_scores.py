"""How well probabilities order the pictures of each label: precision, recall, their area, thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = 100
"""Steps of a threshold from 0 to 1: it has two digits."""

FEWEST_POSITIVE = 10
"""Pictures with a label from which on its threshold is chosen; of fewer, chance would choose it."""


def average_precision(scores: NDArray[np.floating[Any]], truth: NDArray[np.bool_]) -> float | None:
    """The area under the curve of precision over recall, as a sum of steps without interpolation.

    Sum over the thresholds of ``(R_n - R_(n-1)) P_n``; pictures with equal scores make one step (the
    definition of scikit-learn's ``average_precision_score``).

    Args:
        scores: Scores of the pictures, ``(N,)``; the higher the likelier.
        truth: Whether each has the label, ``(N,)``.

    Returns:
        0..1; None when no picture has the label.
    """
    positive = int(truth.sum())
    if not positive:
        return None
    order = np.argsort(-scores, kind="stable")
    ordered, hits = scores[order], np.cumsum(truth[order])
    ends = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)
    found = hits[ends]
    gained = np.diff(found, prepend=0)
    return float((gained * found / (ends + 1)).sum() / positive)


def mean_average_precision(scores: NDArray[np.floating[Any]], truth: NDArray[np.bool_]) -> float:
    """The mean over all labels that some picture has.

    Args:
        scores: Scores, ``(N, labels)``.
        truth: Whether each picture has each label, ``(N, labels)``.

    Returns:
        0..1; 0 when no picture has any.
    """
    columns = range(truth.shape[1])
    known = [
        value
        for column in columns
        if (value := average_precision(scores[:, column], truth[:, column])) is not None
    ]
    return float(np.mean(known)) if known else 0.0


def area_under_roc(scores: NDArray[np.floating[Any]], truth: NDArray[np.bool_]) -> float | None:
    """How often a picture with the label has a higher score than one without it; equal scores count half.

    Args:
        scores: Scores, ``(N,)``.
        truth: Whether each picture has the label, ``(N,)``.

    Returns:
        0..1, 0.5 for chance; None unless there are pictures of both kinds.
    """
    positive = int(truth.sum())
    negative = len(truth) - positive
    if not positive or not negative:
        return None
    _values, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[place]
    return float((ranks[truth].sum() - positive * (positive + 1) / 2) / (positive * negative))


def at_thresholds(
    probabilities: NDArray[np.float64], truth: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the pictures that get a label rightly, and wrongly, at every threshold.

    Args:
        probabilities: Probabilities of the label, ``(N,)``.
        truth: Whether each picture has it, ``(N,)``.

    Returns:
        Both counts at 0, 0.01, ..., 1, int64 ``(101,)``.
    """
    grid = np.arange(STEPS + 1) / STEPS
    hits, wrong = (
        (len(own) - np.searchsorted(np.sort(own), grid, side="left")).astype(np.int64)
        for own in (probabilities[truth], probabilities[~truth])
    )
    return hits, wrong


def best_threshold(hits: NDArray[np.int64], wrong: NDArray[np.int64]) -> float:
    """Choose the threshold with the highest F1 score, of equal ones the one nearest to 0.5.

    Args:
        hits: Pictures that rightly get the label at each threshold, ``(101,)``.
        wrong: Pictures that wrongly get it.

    Returns:
        0.01..0.99; 0.5 for a label that fewer than `FEWEST_POSITIVE` pictures have.
    """
    positive = int(hits[0])
    if positive < FEWEST_POSITIVE:
        return 0.5
    f1 = 2 * hits / np.maximum(hits + wrong + positive, 1)
    inner = np.arange(1, STEPS)
    best = max(inner.tolist(), key=lambda step: (round(float(f1[step]), 12), -abs(step - STEPS / 2)))
    return best / STEPS
