"""How the evaluation of a classifier is stored."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from desktop_app.core.foundation.stored_path import StoredPath
from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation, Mistake


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class _Metrics(_Stored):
    accuracy: float
    top_k: float | None = None


class _StoredMistake(_Stored):
    path: StoredPath
    truth: str
    answer: str
    probability: float


class _StoredEvaluation(_Stored):
    task: Literal["classification"]
    part: Literal["test", "validation"]
    pictures: int
    metrics: _Metrics
    k: int
    confusion: tuple[tuple[int, ...], ...]
    mistakes: tuple[_StoredMistake, ...]
    classes: tuple[str, ...] = ()


def to_document(evaluation: Any) -> dict[str, Any]:
    """Turn an evaluation into values for JSON; any path of the system survives."""
    return _StoredEvaluation.model_validate(evaluation).model_dump(mode="json", exclude_none=True)


def from_document(document: dict[str, Any]) -> ClassificationEvaluation:
    """Read what `to_document` made.

    Raises:
        ValueError: The document is something else.
    """
    stored = _StoredEvaluation.model_validate(document)
    return ClassificationEvaluation(
        task=stored.task,
        part=stored.part,
        pictures=stored.pictures,
        metrics=stored.metrics.model_dump(exclude_none=True),
        k=stored.k,
        confusion=stored.confusion,
        mistakes=tuple(
            Mistake(mistake.path, mistake.truth, mistake.answer, mistake.probability)
            for mistake in stored.mistakes
        ),
        classes=stored.classes,
    )
