"""The evaluation of a finished classifier: the confusion matrix and the most confident mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.foundation.text import counted
from desktop_app.core.training.task.evaluation import Evaluation
from desktop_app.core.training.task.top_k import top_k_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any, Literal

    from numpy.typing import NDArray

MAX_MISTAKES = 60


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


@dataclass(frozen=True, slots=True)
class ClassificationEvaluation(Evaluation):
    """The evaluation of a classifier; metrics are ``accuracy`` and, from four classes on, ``top_k``.

    Attributes:
        k: The k of the top-k accuracy.
        confusion: Counts of pictures, ``confusion[truth][prediction]``.
        mistakes: The most confident mistakes, at most 60, the most confident first.
        classes: Names in label order, of rows and columns of ``confusion``; empty in evaluations that were
            written before they had names.
    """

    k: int
    confusion: tuple[tuple[int, ...], ...]
    mistakes: tuple[Mistake, ...]
    classes: tuple[str, ...] = ()

    @property
    def accuracy(self) -> float:
        """Top-1, 0..1."""
        return self.metrics["accuracy"]

    @property
    def top_k(self) -> float | None:
        """Top-k accuracy, 0..1; None for fewer than four classes."""
        return self.metrics.get("top_k")

    @property
    def sentence(self) -> str:
        """How good the model is, as the beginning of a sentence."""
        share = f"{100 * self.accuracy:.1f}\N{NO-BREAK SPACE}%"
        pictures = counted(self.pictures, f"{self.part} picture")
        return f"{share} accurate on {pictures}"


def evaluate(
    predictions: NDArray[np.float64],
    truth: NDArray[Any],
    *,
    part: Literal["test", "validation"],
    classes: Sequence[str],
    paths: Sequence[Path],
) -> ClassificationEvaluation:
    """Compare predictions with the truth.

    Args:
        predictions: Probabilities ``(N, classes)``, N at least 1.
        truth: True classes ``(N,)``.
        part: Split of these pictures.
        classes: Names in label order.
        paths: Files of the pictures ``(N,)``.
    """
    given = predictions.argmax(axis=1)
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    np.add.at(confusion, (truth, given), 1)
    metrics = {"accuracy": float((given == truth).mean())}
    k = top_k_for(len(classes))
    if k > 1:
        metrics["top_k"] = _top_k(predictions, truth, k)
    return ClassificationEvaluation(
        task="classification",
        part=part,
        pictures=len(truth),
        metrics=metrics,
        k=k,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        mistakes=_most_confident(predictions, truth, classes, paths),
        classes=tuple(classes),
    )


def _top_k(predictions: NDArray[np.float64], truth: NDArray[Any], k: int) -> float:
    best = np.argsort(-predictions, axis=1, kind="stable")[:, :k]
    return float((best == truth[:, None]).any(axis=1).mean())


def _most_confident(
    predictions: NDArray[np.float64], truth: NDArray[Any], classes: Sequence[str], paths: Sequence[Path]
) -> tuple[Mistake, ...]:
    """The wrong predictions, the most confident first."""
    given = predictions.argmax(axis=1)
    confidence = predictions.max(axis=1)
    wrong = np.flatnonzero(given != truth)
    order = wrong[np.argsort(-confidence[wrong], kind="stable")][:MAX_MISTAKES]
    return tuple(
        Mistake(paths[index], classes[truth[index]], classes[given[index]], float(confidence[index]))
        for index in order.tolist()
    )
