"""``evaluation.json``: what a run's model did on pictures that it was not trained on, to be shown again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.migration import VERSION_KEY, DocumentKind
from desktop_app.core.training.task import catalogue

if TYPE_CHECKING:
    from desktop_app.core.training.task.evaluation import Evaluation


def _with_task(evaluation: dict[str, Any]) -> dict[str, Any]:
    figures = {name: evaluation.pop(name, None) for name in ("accuracy", "top_k")}
    metrics = {name: value for name, value in figures.items() if value is not None}
    return {"task": "classification"} | evaluation | {"metrics": metrics}


def _with_pairs(evaluation: dict[str, Any]) -> dict[str, Any]:
    # Its schema takes long to build, and only an older file needs this.
    from desktop_app.core.training.task.classification_file import with_pairs

    return with_pairs(evaluation) if evaluation.get("task") == "classification" else evaluation


EVALUATION = DocumentKind((_with_task, _with_pairs))
"""Version 2 names its task and has the metrics by their names; version 3 leaves out the matrix's zeros."""


def evaluation_to_json(evaluation: Evaluation) -> str:
    """Write an evaluation; any path of the system survives."""
    document = catalogue.get(evaluation.task).to_document(evaluation)
    return json.dumps({VERSION_KEY: EVALUATION.version} | document, separators=(",", ":"), ensure_ascii=False)


def evaluation_from_json(text: bytes) -> Evaluation:
    """Read what `evaluation_to_json` wrote, once it is of the current version.

    Raises:
        ValueError: The text is something else.
        SightlineError: The evaluation is of an unknown task.
    """
    try:
        document = json.loads(text)
    except RecursionError as error:
        message = "it is nested too deeply"
        raise ValueError(message) from error
    if not isinstance(document, dict) or document.pop(VERSION_KEY, None) != EVALUATION.version:
        message = "it is not an evaluation of this version"
        raise ValueError(message)
    return catalogue.get(str(document.get("task"))).from_document(document)
