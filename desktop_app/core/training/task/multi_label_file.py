"""How the evaluation of a model that gives several labels at once is stored."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, model_validator

from desktop_app.core.foundation.stored_path import StoredPath
from desktop_app.core.training.task.label_scores import STEPS
from desktop_app.core.training.task.multi_label_evaluation import (
    LabelMistake,
    LabelScore,
    MultiLabelEvaluation,
)

_Share = Annotated[float, Field(ge=0, le=1)]


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class _StoredScore(_Stored):
    name: str
    pictures: NonNegativeInt
    threshold: _Share
    found: NonNegativeInt
    wrong: NonNegativeInt
    average_precision: _Share | None = None
    auc: _Share | None = None
    hits: tuple[NonNegativeInt, ...] = ()
    false: tuple[NonNegativeInt, ...] = ()

    @model_validator(mode="after")
    def _has_whole_curves(self) -> Self:
        if {len(self.hits), len(self.false)} not in ({0}, {STEPS + 1}):
            message = "the counts at the thresholds are not all there"
            raise ValueError(message)
        return self


class _StoredMistake(_Stored):
    path: StoredPath
    label: NonNegativeInt
    has: bool
    probability: _Share


class _StoredEvaluation(_Stored):
    task: Literal["multi-label"]
    part: Literal["test", "validation"]
    pictures: NonNegativeInt
    metrics: dict[Literal["mean_ap", "macro_f1", "micro_f1", "exact_match", "macro_auc"], float]
    labels: tuple[_StoredScore, ...]
    temperature: Annotated[float, Field(gt=0, le=100)]
    error_before: float | None = None
    error_after: float | None = None
    mistakes: tuple[_StoredMistake, ...]
    together: tuple[tuple[NonNegativeInt, ...], ...]
    alike: bool

    @model_validator(mode="after")
    def _fits(self) -> Self:
        count = len(self.labels)
        square = not self.together or {count} == {len(self.together), *map(len, self.together)}
        if not square or any(mistake.label >= count for mistake in self.mistakes):
            message = "the mistakes and counts do not fit the labels"
            raise ValueError(message)
        if {"mean_ap", "macro_f1", "micro_f1", "exact_match"} - set(self.metrics):
            message = "a metric is missing"
            raise ValueError(message)
        return self


def to_document(evaluation: Any) -> dict[str, Any]:
    """Turn an evaluation into values for JSON; any path of the system survives."""
    return _StoredEvaluation.model_validate(evaluation).model_dump(mode="json", exclude_none=True)


def from_document(document: dict[str, Any]) -> MultiLabelEvaluation:
    """Read what `to_document` made.

    Raises:
        ValueError: The document is something else.
    """
    stored = _StoredEvaluation.model_validate(document)
    members = {name: getattr(stored, name) for name in _StoredEvaluation.model_fields}
    scores = tuple(
        LabelScore(**{name: getattr(score, name) for name in _StoredScore.model_fields})
        for score in stored.labels
    )
    mistakes = tuple(
        LabelMistake(entry.path, entry.label, entry.has, entry.probability) for entry in stored.mistakes
    )
    return MultiLabelEvaluation(
        **members | {"labels": scores, "mistakes": mistakes, "metrics": dict(stored.metrics)}
    )
