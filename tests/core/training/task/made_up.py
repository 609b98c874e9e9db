"""A task that is nothing like classification: a number for each picture, and the error in it."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from desktop_app.core.library.labels import class_labels
from desktop_app.core.training.task.evaluation import Evaluation
from desktop_app.core.training.task.metric import LOSS, Metric
from desktop_app.core.training.task.task import Task

ERROR = Metric("mae", "mean error", higher_is_better=False)


def _compile(model, optimizer, _values, _class_count):
    model.compile(optimizer, "mse", metrics=["mae"])


def _evaluate(predictions, truth, *, part, classes, paths, validation=None):
    guesses = np.concatenate(list(predictions))[:, 0]
    return Evaluation("guessing", part, len(truth), {"mae": float(np.abs(guesses - truth).mean())})


def _card(classes, evaluation, _validation, _sample):
    return {"classes": class_labels(classes), "metrics": evaluation.metrics if evaluation else {}}


GUESSING = Task(
    kind="guessing",
    name="Guessing",
    metrics=(LOSS, ERROR),
    headline=ERROR.name,
    best=(ERROR.name, LOSS.name),
    metrics_for=lambda _classes: (LOSS, ERROR),
    compile=_compile,
    predictions=lambda outputs: outputs,
    evaluate=_evaluate,
    card=_card,
    to_document=asdict,
    from_document=lambda document: Evaluation(**document),
)
