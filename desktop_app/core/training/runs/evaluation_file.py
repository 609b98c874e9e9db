"""``evaluation.json``: what a run's model did on pictures that it was not trained on, to be shown again."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from desktop_app.core.foundation.stored_path import StoredPath
from desktop_app.core.training.records.result import Evaluation, Mistake


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class _StoredMistake(_Stored):
    path: StoredPath
    truth: str
    answer: str
    probability: float


class _StoredEvaluation(_Stored):
    schema_version: Literal[1] = 1
    part: Literal["test", "validation"]
    pictures: int
    accuracy: float
    top_k: float | None
    k: int
    confusion: tuple[tuple[int, ...], ...]
    mistakes: tuple[_StoredMistake, ...]
    classes: tuple[str, ...] = ()


def evaluation_to_json(evaluation: Evaluation) -> str:
    """Write an evaluation; any path of the system survives."""
    return _StoredEvaluation.model_validate(evaluation).model_dump_json()


def evaluation_from_json(text: bytes) -> Evaluation:
    """Read what `evaluation_to_json` wrote.

    Raises:
        ValueError: It is something else.
    """
    stored = _StoredEvaluation.model_validate_json(text)
    return Evaluation(
        part=stored.part,
        pictures=stored.pictures,
        accuracy=stored.accuracy,
        top_k=stored.top_k,
        k=stored.k,
        confusion=stored.confusion,
        mistakes=tuple(
            Mistake(mistake.path, mistake.truth, mistake.answer, mistake.probability)
            for mistake in stored.mistakes
        ),
        classes=stored.classes,
    )
