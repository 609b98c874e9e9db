"""What a finished classifier does: the confusion matrix and the most confident mistakes."""

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
    """A picture that the model gets wrong, the surest mistakes first.

    Attributes:
        path: The picture.
        truth: Name of its class.
        answer: Name of the class that the model gives.
        probability: How sure the model is of it, 0..1.
    """

    path: Path
    truth: str
    answer: str
    probability: float


@dataclass(frozen=True, slots=True)
class ClassificationEvaluation(Evaluation):
    """What a finished classifier does; its metrics are ``accuracy`` and, from four classes on, ``top_k``.

    Attributes:
        k: The k of the top-k accuracy.
        confusion: ``confusion[truth][answer]`` counts pictures.
        mistakes: The worst, at most 60.
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
        """How good the model is, as the end of a sentence."""
        share = f"{100 * self.accuracy:.1f}\N{NO-BREAK SPACE}%"
        pictures = counted(self.pictures, f"{self.part} picture")
        return f"{share} of {pictures} {'is' if self.pictures == 1 else 'are'} right"


def evaluate(
    answers: NDArray[np.float64],
    truth: NDArray[Any],
    *,
    part: Literal["test", "validation"],
    classes: Sequence[str],
    paths: Sequence[Path],
) -> ClassificationEvaluation:
    """Compare answers with the truth.

    Args:
        answers: Probabilities ``(N, classes)``, N at least 1.
        truth: True classes ``(N,)``.
        part: Whose pictures these are.
        classes: Names in label order.
        paths: Files of the pictures ``(N,)``.
    """
    given = answers.argmax(axis=1)
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    np.add.at(confusion, (truth, given), 1)
    metrics = {"accuracy": float((given == truth).mean())}
    k = top_k_for(len(classes))
    if k > 1:
        metrics["top_k"] = _top_k(answers, truth, k)
    return ClassificationEvaluation(
        task="classification",
        part=part,
        pictures=len(truth),
        metrics=metrics,
        k=k,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        mistakes=_worst(answers, truth, classes, paths),
        classes=tuple(classes),
    )


def _top_k(answers: NDArray[np.float64], truth: NDArray[Any], k: int) -> float:
    best = np.argsort(-answers, axis=1, kind="stable")[:, :k]
    return float((best == truth[:, None]).any(axis=1).mean())


def _worst(
    answers: NDArray[np.float64], truth: NDArray[Any], classes: Sequence[str], paths: Sequence[Path]
) -> tuple[Mistake, ...]:
    """The wrong answers, the surest first."""
    given = answers.argmax(axis=1)
    sureness = answers.max(axis=1)
    wrong = np.flatnonzero(given != truth)
    order = wrong[np.argsort(-sureness[wrong], kind="stable")][:MAX_MISTAKES]
    return tuple(
        Mistake(paths[index], classes[truth[index]], classes[given[index]], float(sureness[index]))
        for index in order.tolist()
    )
