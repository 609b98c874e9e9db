"""How the evaluation of a classifier is stored."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, NonNegativeInt, model_validator

from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.foundation.stored_path import StoredPath
from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation, Mistake


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class _Metrics(_Stored):
    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    top_k: float | None = None


class _StoredMistake(_Stored):
    path: StoredPath
    truth: str
    answer: str
    probability: float


class _StoredConfusion(_Stored):
    """The columns of a `Confusion`, as plain lists."""

    pictures: list[NonNegativeInt]
    found: list[NonNegativeInt]
    predicted: list[NonNegativeInt]
    truths: list[NonNegativeInt]
    answers: list[NonNegativeInt]
    counts: list[NonNegativeInt]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        size = len(self.pictures)
        per_class, pairs = (self.found, self.predicted), (self.truths, self.answers, self.counts)
        whole = all(len(column) == size for column in per_class)
        whole = whole and len({len(column) for column in pairs}) == 1
        if not whole or max(self.truths + self.answers, default=-1) >= size:
            message = "the counts of the classes and of their pairs do not fit"
            raise ValueError(message)
        return self


class _StoredEvaluation(_Stored):
    task: Literal["classification"]
    part: Literal["test", "validation"]
    pictures: int
    metrics: _Metrics
    k: int
    confusion: _StoredConfusion
    mistakes: tuple[_StoredMistake, ...]
    classes: tuple[str, ...] = ()


_COLUMNS = tuple(_StoredConfusion.model_fields)


def to_document(evaluation: Any) -> dict[str, Any]:
    """Turn an evaluation into values for JSON; any path of the system survives."""
    confusion = {name: getattr(evaluation.confusion, name).tolist() for name in _COLUMNS}
    others = (name for name in _StoredEvaluation.model_fields if name != "confusion")
    fields = {name: getattr(evaluation, name) for name in others}
    stored = _StoredEvaluation.model_validate(fields | {"confusion": confusion})
    return stored.model_dump(mode="json", exclude_none=True)


def from_document(document: dict[str, Any]) -> ClassificationEvaluation:
    """Read what `to_document` made.

    Raises:
        ValueError: The document is something else.
    """
    stored = _StoredEvaluation.model_validate(document)
    columns = (np.array(getattr(stored.confusion, name), np.int64) for name in _COLUMNS)
    return ClassificationEvaluation(
        task=stored.task,
        part=stored.part,
        pictures=stored.pictures,
        metrics=stored.metrics.model_dump(exclude_none=True),
        k=stored.k,
        confusion=Confusion(*columns),
        mistakes=tuple(
            Mistake(mistake.path, mistake.truth, mistake.answer, mistake.probability)
            for mistake in stored.mistakes
        ),
        classes=stored.classes,
    )


def with_pairs(evaluation: dict[str, Any]) -> dict[str, Any]:
    """Bring a document with a whole matrix up to date: with the pairs that occur, and two more figures.

    What is not a square matrix of numbers stays as it is.
    """
    metrics = evaluation.get("metrics")
    try:
        confusion = Confusion.from_rows(np.array(evaluation["confusion"], np.int64))
    except (KeyError, TypeError, ValueError, OverflowError, IndexError):
        return evaluation
    if isinstance(metrics, dict):
        figures = {"balanced_accuracy": confusion.balanced_accuracy, "macro_f1": confusion.macro_f1}
        evaluation["metrics"] = metrics | figures
    evaluation["confusion"] = {name: getattr(confusion, name).tolist() for name in _COLUMNS}
    return evaluation
