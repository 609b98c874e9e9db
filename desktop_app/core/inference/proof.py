"""Comparing an engine's answers with those of a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from desktop_app.core.library.proof import CLEAR_MARGIN, Proof

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from desktop_app.core.engine.compiled import Precision

    Answers = tuple[NDArray[np.float64], NDArray[np.float64] | None]

_AT_ONCE = 8
"""Pictures of one portion: few enough for a cancel to be noticed within seconds, with VGG19 too."""


class Answering(Protocol):
    """The part of a `Classifier` that a proof needs."""

    def answers(self, pixels: NDArray[np.uint8]) -> Answers:
        """Probabilities ``(N, classes)`` and distances ``(N,)`` for pictures ``(N, height, width, 3)``."""


def prove(
    reference: Answering,
    candidate: Answering,
    pictures: NDArray[np.uint8],
    *,
    precision: Precision,
    engine: str,
    reference_name: str,
    processor: str,
    on_progress: Callable[[int], None] = lambda _done: None,
) -> Proof:
    """Ask both about the same pictures, and compare.

    Args:
        reference: The engine that is right by definition.
        candidate: The engine that is to answer in its place.
        pictures: The pictures, RGB uint8 ``(N, height, width, 3)``, at least one.
        precision: The numbers that the candidate computes with.
        engine: The candidate's name and version.
        reference_name: The reference's name and version.
        processor: The kind of processor.
        on_progress: Callback for the number of pictures that were compared, between two portions of them;
            what it raises ends the comparison.

    Raises:
        ModelError: One of them fails, or gives an output that is not a number.
    """
    answers = []
    for start in range(0, len(pictures), _AT_ONCE):
        on_progress(start)
        portion = pictures[start : start + _AT_ONCE]
        answers.append((reference.answers(portion), candidate.answers(portion)))
    on_progress(len(pictures))
    expected, expected_distances = _joined([first for first, _second in answers])
    found, found_distances = _joined([second for _first, second in answers])
    apart = None
    if expected_distances is not None and found_distances is not None:
        apart = float(np.abs(expected_distances - found_distances).max())
    same_first = expected.argmax(axis=1) == found.argmax(axis=1)
    leading = np.sort(expected, axis=1)
    clear = leading[:, -1] - leading[:, -2] > CLEAR_MARGIN
    return Proof(
        precision=precision,
        engine=engine,
        reference=reference_name,
        processor=processor,
        pictures=len(pictures),
        largest_difference=float(np.abs(expected - found).max()),
        largest_distance_difference=apart,
        top1=float(same_first.mean()),
        top5=float((_best_five(expected) == _best_five(found)).all(axis=1).mean()),
        clear_agree=bool(same_first[clear].all()),
    )


def _joined(portions: Sequence[Answers]) -> Answers:
    probabilities = np.concatenate([rows for rows, _distances in portions])
    distances = [found for _rows, found in portions if found is not None]
    return probabilities, np.concatenate(distances) if distances else None


def _best_five(rows: NDArray[np.float64]) -> NDArray[np.int64]:
    """The five best classes of each row, as a set in ascending order."""
    return np.sort(np.argsort(-rows, axis=1, kind="stable")[:, :5], axis=1)
