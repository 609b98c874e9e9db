"""Which classes are confused: the pairs of class and prediction that occur."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Counts = NDArray[np.int64]

OUT_OF_BALANCE = 3
"""Pictures of the largest class over those of the smallest, above which classes are out of balance."""

MAX_PAIRS = 300_000
"""Pairs that are kept, the commonest: enough for every mistake on 300,000 pictures, and 5 MB in a file."""


def out_of_balance(pictures: Counts) -> bool:
    """Whether the largest class has more than `OUT_OF_BALANCE` times the pictures of the smallest.

    Args:
        pictures: Pictures of each class ``(classes,)``; classes without any do not count.
    """
    there = pictures[pictures > 0]
    return len(there) > 1 and int(there.max()) > OUT_OF_BALANCE * int(there.min())


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """A confusion matrix without its zeros: with 20,000 classes, all its cells would take 3 GB.

    Attributes:
        pictures: Pictures of each class, int64 ``(classes,)``.
        found: Pictures of each class that are predicted as it, int64 ``(classes,)``.
        predicted: Predictions of each class, int64 ``(classes,)``.
        truths: Actual classes of the mistakes, int64 ``(pairs,)``, the commonest pair first.
        answers: Predicted classes of the mistakes, int64 ``(pairs,)``.
        counts: Pictures of each pair, int64 ``(pairs,)``.
    """

    pictures: Counts
    found: Counts
    predicted: Counts
    truths: Counts
    answers: Counts
    counts: Counts

    @classmethod
    def of(cls, truth: NDArray[Any], given: NDArray[Any], size: int) -> Confusion:
        """Count predictions.

        Args:
            truth: Actual classes ``(N,)``, each 0..``size`` - 1.
            given: Predicted classes ``(N,)``.
            size: Number of classes.
        """
        cells, counts = np.unique(np.asarray(truth, np.int64) * size + given, return_counts=True)
        return cls.of_cells(cells // size, cells % size, counts.astype(np.int64), size)

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[int]] | Counts) -> Confusion:
        """Take a whole matrix, ``rows[truth][prediction]``."""
        table = np.asarray(rows, np.int64).reshape(len(rows), -1)
        truths, answers = np.nonzero(table)
        return cls.of_cells(truths, answers, table[truths, answers], len(table))

    @classmethod
    def of_cells(cls, truths: Counts, answers: Counts, counts: Counts, size: int) -> Confusion:
        """Take the cells of a matrix that are not zero, each once; of equal counts the first come first.

        Args:
            truths: Actual class of each cell.
            answers: Predicted class of each cell.
            counts: Pictures of each cell.
            size: Number of classes.
        """
        right = truths == answers
        pictures, found, predicted = (np.zeros(size, np.int64) for _ in range(3))
        np.add.at(pictures, truths, counts)
        np.add.at(predicted, answers, counts)
        found[truths[right]] = counts[right]
        truths, answers, counts = truths[~right], answers[~right], counts[~right]
        order = np.argsort(-counts, kind="stable")[:MAX_PAIRS]
        return cls(pictures, found, predicted, truths[order], answers[order], counts[order])

    def __eq__(self, other: object) -> bool:
        """Whether another one has the same counts."""
        return isinstance(other, Confusion) and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]  # like an array

    def __len__(self) -> int:
        """Number of classes."""
        return len(self.pictures)

    @property
    def total(self) -> int:
        """Number of pictures."""
        return int(self.pictures.sum())

    @property
    def right(self) -> int:
        """Number of pictures that are predicted rightly."""
        return int(self.found.sum())

    @property
    def balanced_accuracy(self) -> float:
        """Mean over the classes of the share that is found, 0..1, as scikit-learn defines it.

        Every class counts the same, however many pictures it has; one without pictures does not count.
        """
        there = self.pictures > 0
        return float((self.found[there] / self.pictures[there]).mean()) if there.any() else 0.0

    @property
    def macro_f1(self) -> float:
        """Mean over the classes of the harmonic mean of precision and recall, 0..1, as in scikit-learn."""
        either = self.pictures + self.predicted
        there = either > 0
        return float((2 * self.found[there] / either[there]).mean()) if there.any() else 0.0

    @property
    def out_of_balance(self) -> bool:
        """Whether the accuracy says little about the smaller classes."""
        return out_of_balance(self.pictures)

    @property
    def only_answer(self) -> int | None:
        """The class that is predicted for every picture, rightly or not; None where that says nothing."""
        (answered,) = np.nonzero(self.predicted)
        return int(answered[0]) if len(answered) == 1 and self.right < self.total else None

    @property
    def never_found(self) -> Counts:
        """The classes with pictures of which none is found, those with the most pictures first."""
        missed = np.flatnonzero((self.pictures > 0) & (self.found == 0))
        return missed[np.argsort(-self.pictures[missed], kind="stable")]

    def least_found(self, most: int) -> list[int]:
        """List the classes of which the smallest share is found, the smallest first, up to a number."""
        there = np.flatnonzero(self.pictures)
        shares = self.found[there] / self.pictures[there]
        return [int(label) for label in there[np.argsort(shares, kind="stable")[:most]]]

    def count(self, truth: int, answer: int) -> int:
        """Number of pictures of a class that are predicted as another, or as itself."""
        if truth == answer:
            return int(self.found[truth])
        return int(self.counts[(self.truths == truth) & (self.answers == answer)].sum())

    def most_confused(self, most: int) -> list[tuple[int, int]]:
        """List the commonest mistakes as ``(truth, answer)``, the commonest first, up to a number."""
        return list(zip(self.truths[:most].tolist(), self.answers[:most].tolist(), strict=True))

    def dense(self) -> Counts:
        """Make the whole matrix ``(classes, classes)``, rows actual classes: not for thousands of them."""
        table = np.diag(self.found)
        table[self.truths, self.answers] = self.counts
        return table
