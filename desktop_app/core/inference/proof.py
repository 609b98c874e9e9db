"""Comparing an engine's answers with those of a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from desktop_app.core.library.label_thresholds import thresholds_of
from desktop_app.core.library.proof import CLEAR_MARGIN, Proof, most_apart

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from desktop_app.core.engine.compiled import Precision
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.networks.outputs import Task

    Answers = tuple[NDArray[np.float64], NDArray[np.float64] | None]

_AT_ONCE = 8
"""Pictures of one portion: few enough for a cancel to be noticed within seconds, with VGG19 too."""


class Answering(Protocol):
    """The part of a `Classifier` that a proof needs."""

    def answers(self, pixels: NDArray[np.uint8]) -> Answers:
        """What outputs mean, ``(N, numbers)``, and distances, for pictures ``(N, height, width, 3)``."""


def ask(
    engine: Answering, pictures: NDArray[np.uint8], on_progress: Callable[[int], None] = lambda _done: None
) -> Answers:
    """Ask an engine about pictures, a few at a time.

    Args:
        engine: The engine.
        pictures: The pictures, RGB uint8 ``(N, height, width, 3)``, at least one.
        on_progress: Callback for the number of pictures that it has answered, between two portions of them;
            what it raises ends the asking.

    Returns:
        Probabilities, amounts or features, float64 ``(N, numbers)``, and distances, float64 ``(N,)`` or None
        without a bank.

    Raises:
        ModelError: It fails, or gives an output that is not a number.
    """
    answers = []
    for start in range(0, len(pictures), _AT_ONCE):
        on_progress(start)
        answers.append(engine.answers(pictures[start : start + _AT_ONCE]))
    on_progress(len(pictures))
    distances = [found for _rows, found in answers if found is not None]
    return np.concatenate([rows for rows, _ in answers]), np.concatenate(distances) if distances else None


def prove(
    expected: Answers,
    found: Answers,
    *,
    precision: Precision,
    engine: str,
    reference_name: str,
    processor: str,
    card: ModelCard,
    own_spread: float | None = None,
) -> Proof:
    """Compare the answers of two engines for the same pictures, as `ask` gives them.

    Args:
        expected: The answers of the engine that is right by definition.
        found: The answers of the engine that is to answer in its place.
        precision: The numbers that the second one computes with.
        engine: Its name and version.
        reference_name: The name and version of the first one.
        processor: The kind of processor.
        card: The model's card, which says what the answers are.
        own_spread: For networks of 8-bit numbers: largest difference between two ways in which the first one
            computes it by itself.
    """
    expected_rows, expected_distances = expected
    rows, distances = found
    apart = None
    if expected_distances is not None and distances is not None:
        apart = float(np.abs(expected_distances - distances).max())
    # What is let through may turn the order of two classes that are closer than twice that.
    margin = CLEAR_MARGIN if own_spread is None else max(CLEAR_MARGIN, 2 * most_apart(precision, own_spread))
    top1, top5, clear_agree = agreement(expected_rows, rows, card, margin)
    return Proof(
        precision=precision,
        engine=engine,
        reference=reference_name,
        processor=processor,
        pictures=len(rows),
        task=card.task,
        largest_difference=largest_difference(expected_rows, rows, card.task),
        largest_distance_difference=apart,
        top1=top1,
        top5=top5,
        clear_agree=clear_agree,
        own_spread=own_spread,
    )


def largest_difference(expected: NDArray[np.float64], found: NDArray[np.float64], task: Task) -> float:
    """How far two engines are apart at most, 0..1; see `Proof.largest_difference`."""
    apart = np.abs(expected - found)
    if task == "regression":
        largest = np.abs(expected).max(axis=0)
        apart = np.where(largest > 0, apart / np.where(largest > 0, largest, 1), apart > 0)
    elif task == "embedding":
        apart = np.linalg.norm(apart, axis=1)
    return min(float(apart.max()), 1.0)


def agreement(
    expected: NDArray[np.float64], found: NDArray[np.float64], card: ModelCard, margin: float
) -> tuple[float, float, bool]:
    """How often two engines say the same, and whether always where it is clear by a margin; see `Proof`."""
    if card.task == "regression":
        return 1.0, 1.0, True
    if card.task == "multi-label":
        thresholds = np.array(thresholds_of(card))
        same = (expected >= thresholds) == (found >= thresholds)
        clear = np.abs(expected - thresholds) > margin
        return float(same.all(axis=1).mean()), _same_five(expected, found), bool(same[clear].all())
    if card.task == "embedding":
        expected, found = _likeness(expected), _likeness(found)
    same_first = expected.argmax(axis=1) == found.argmax(axis=1)
    leading = np.sort(expected, axis=1)
    clear = leading[:, -1] - leading[:, -2] > margin
    top5 = 1.0 if card.task == "embedding" else _same_five(expected, found)
    return float(same_first.mean()), top5, bool(same_first[clear].all())


def _likeness(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosines of each picture with the others, ``(N, N)``; -2 with itself."""
    cosines = features @ features.T
    np.fill_diagonal(cosines, -2.0)
    return np.asarray(cosines)


def _same_five(expected: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    return float((_best_five(expected) == _best_five(found)).all(axis=1).mean())


def _best_five(rows: NDArray[np.float64]) -> NDArray[np.int64]:
    """The five best classes of each row, as a set in ascending order."""
    return np.sort(np.argsort(-rows, axis=1, kind="stable")[:, :5], axis=1)
