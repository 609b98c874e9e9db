"""The evaluation of a finished classifier: which classes it confuses, and the most confident mistakes."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.foundation.text import counted, percent
from desktop_app.core.training.task.evaluation import Evaluation
from desktop_app.core.training.task.top_k import top_k_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import Any, Literal

    from numpy.typing import NDArray

MAX_MISTAKES = 60
FEW_PICTURES = 5
"""Pictures of a class, below which the share of it that is found says little."""
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Mistake:
    """A picture that the model gets wrong.

    Attributes:
        path: Path of the picture.
        truth: Name of its class.
        answer: Name of the class that the model predicts.
        probability: Probability of that prediction, 0..1.
    """

    path: Path
    truth: str
    answer: str
    probability: float

    @property
    def words(self) -> str:
        """The mistake in words: "cat mistaken for dog"."""
        return f"{self.truth} mistaken for {self.answer}"


@dataclass(frozen=True, slots=True)
class ClassificationEvaluation(Evaluation):
    """The evaluation of a classifier.

    Its metrics are ``accuracy``, ``balanced_accuracy``, ``macro_f1`` and, from four classes on, ``top_k``.

    Attributes:
        k: The k of the top-k accuracy.
        confusion: Counts of pictures by class and prediction.
        mistakes: The most confident mistakes, at most 60, the most confident first.
        classes: Names in label order; empty in evaluations that were written before they had names.
    """

    k: int
    confusion: Confusion
    mistakes: tuple[Mistake, ...]
    classes: tuple[str, ...] = ()

    @property
    def accuracy(self) -> float:
        """Top-1, 0..1."""
        return self.metrics["accuracy"]

    @property
    def balanced_accuracy(self) -> float:
        """Mean of the shares of each class that are found, 0..1."""
        return self.confusion.balanced_accuracy

    @property
    def macro_f1(self) -> float:
        """Mean of the F1 scores of the classes, 0..1."""
        return self.confusion.macro_f1

    @property
    def top_k(self) -> float | None:
        """Top-k accuracy, 0..1; None for fewer than four classes."""
        return self.metrics.get("top_k")

    @property
    def sentence(self) -> str:
        """How good the model is, as the beginning of a sentence."""
        pictures = counted(self.pictures, f"{self.part} picture")
        if (only := self.confusion.only_answer) is not None:
            return f"always predicts {self.name(only)}, on all {pictures}"
        if self.confusion.out_of_balance:
            plain = f"{percent(self.accuracy)} plain"
            return f"{percent(self.balanced_accuracy)} balanced accuracy ({plain}) on {pictures}"
        return f"{percent(self.accuracy)} accurate on {pictures}"

    @property
    def tells_apart(self) -> bool:
        """Whether the model has more than one answer."""
        return self.confusion.only_answer is None

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """What the figures hide, as sentences: a model with one answer, classes that are never found."""
        sentences = []
        only = self.confusion.only_answer
        if only is not None:
            pictures = counted(self.pictures, f"{self.part} picture")
            sentences.append(
                f"The model predicts {self.name(only)} for all {pictures}: it cannot tell the classes apart. "
                "Add pictures of the other classes, train longer, or try another network."
            )
        never = self.confusion.never_found
        if len(never):
            missed = int(self.confusion.pictures[never].sum())
            names = ", ".join(self.name(label) for label in never[:_MOST_NAMES].tolist())
            more = len(never) - _MOST_NAMES
            if more > 0:
                names += f" and {counted(more, 'more class', 'more classes')}"
            sentences.append(f"It finds none of {names} ({missed:,} of {missed:,} missed).")
        if self.confusion.out_of_balance and (doubt := self._doubt()):
            sentences.append(doubt)
        return tuple(sentences)

    def _doubt(self) -> str:
        """Say which classes have too few pictures for a share; empty when none has."""
        pictures = self.confusion.pictures
        (few,) = np.nonzero((pictures > 0) & (pictures < FEW_PICTURES))
        if not len(few):
            return ""
        only = f"Only {counted(int(pictures[few[0]]), 'picture')} of {self.name(int(few[0]))}"
        many = f"{len(few):,} classes have fewer than {FEW_PICTURES} pictures each"
        return f"{only if len(few) == 1 else many}: the balanced accuracy is uncertain."

    def name(self, label: int) -> str:
        """The name of a class."""
        return self.classes[label] if label < len(self.classes) else f"class {label + 1}"

    def pair(self, truth: int, answer: int) -> str:
        """Put a kind of mistake into words: "1 of 1 pictures of defect mistaken for ok"."""
        of = counted(int(self.confusion.pictures[truth]), "picture")
        count = self.confusion.count(truth, answer)
        return f"{count:,} of {of} of {self.name(truth)} mistaken for {self.name(answer)}"

    def least_found(self, most: int) -> str:
        """Say how much is found of some classes, the worst first: "Found: defect 0 of 1, ok 40 of 40"."""
        confusion, total = self.confusion, int((self.confusion.pictures > 0).sum())
        shares = [
            f"{self.name(label)} {confusion.found[label]:,} of {confusion.pictures[label]:,}"
            for label in confusion.least_found(most)
        ]
        more = f"; {counted(total - most, 'more class', 'more classes')}" if total > most else ""
        return f"Found: {', '.join(shares)}{more}"


def evaluate(
    predictions: Iterable[NDArray[np.float64]],
    truth: NDArray[Any],
    *,
    part: Literal["test", "validation"],
    classes: Sequence[str],
    paths: Sequence[Path],
    validation: Evaluation | None = None,  # noqa: ARG001 - for tasks that choose something on these
) -> ClassificationEvaluation:
    """Compare predictions with the truth, batch by batch: all of them may be larger than the memory.

    Args:
        predictions: Probabilities in batches ``(n, classes)``, in order; N in all, at least 1.
        truth: True classes ``(N,)``.
        part: Split of these pictures.
        classes: Names in label order.
        paths: Files of the pictures ``(N,)``.
        validation: The evaluation of the validation split, which a classifier does not need.
    """
    k = top_k_for(len(classes))
    given = np.zeros(len(truth), np.int64)
    among, done = 0, 0
    surest: list[tuple[float, int]] = []
    for batch in predictions:
        rows = slice(done, done + len(batch))
        labels = truth[rows]
        best = given[rows] = batch.argmax(axis=1)
        (wrong,) = np.nonzero(best != labels)
        sure = batch[wrong, best[wrong]]
        surest += [(-float(value), done + int(row)) for value, row in zip(sure, wrong, strict=True)]
        if len(surest) > 4 * MAX_MISTAKES:
            surest = heapq.nsmallest(MAX_MISTAKES, surest)
        if k > 1:
            among += _among_best(batch, labels, k)
        done += len(batch)
    confusion = Confusion.of(truth, given, len(classes))
    metrics = {"accuracy": confusion.right / max(confusion.total, 1)}
    metrics |= {"balanced_accuracy": confusion.balanced_accuracy, "macro_f1": confusion.macro_f1}
    if k > 1:
        metrics["top_k"] = among / max(confusion.total, 1)
    return ClassificationEvaluation(
        task="classification",
        part=part,
        pictures=len(truth),
        metrics=metrics,
        k=k,
        confusion=confusion,
        mistakes=tuple(
            Mistake(paths[row], classes[truth[row]], classes[given[row]], -value)
            for value, row in heapq.nsmallest(MAX_MISTAKES, surest)
        ),
        classes=tuple(classes),
    )


def _among_best(predictions: NDArray[np.float64], labels: NDArray[Any], k: int) -> int:
    """Count the rows whose true class is among the k most probable; of equal ones the first come first."""
    own = predictions[np.arange(len(labels)), labels][:, None]
    before = (predictions > own).sum(axis=1)
    (near,) = np.nonzero(before < k)
    earlier = np.arange(predictions.shape[1]) < np.asarray(labels)[near, None]
    equal = (predictions[near] == own[near]) & earlier
    return int((before[near] + equal.sum(axis=1) < k).sum())
