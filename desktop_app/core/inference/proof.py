"""Comparing an engine's answers with those of a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from desktop_app.core.library.proof import CLEAR_MARGIN, Proof

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.engine.compiled import Precision


class Answering(Protocol):
    """The part of a `Classifier` that a proof needs."""

    def answers(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
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

    Raises:
        ModelError: One of them fails, or gives an output that is not a number.
    """
    expected, expected_distances = reference.answers(pictures)
    found, found_distances = candidate.answers(pictures)
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


def _best_five(rows: NDArray[np.float64]) -> NDArray[np.int64]:
    """The five best classes of each row, as a set in ascending order."""
    return np.sort(np.argsort(-rows, axis=1, kind="stable")[:, :5], axis=1)
