"""Conclusions from the epochs so far: the best one, early stopping, the plateau schedule.

All of it is computed from the history alone, so that a resumed run decides as the uninterrupted one would.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from desktop_app.core.training.records.events import EpochMetrics
from desktop_app.core.training.task.metric import LOSS, VALIDATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.training.task.task import Task

PLATEAU_PATIENCE = 3
"""Epochs without a lower validation loss after which the plateau schedule halves the learning rate."""

_BEFORE, _AFTER = ["epoch"], ["learning_rate", "seconds"]
"""Columns before and after those of the task."""


def best_epoch(history: Sequence[EpochMetrics], task: Task) -> EpochMetrics | None:
    """Find the epoch to keep, by what the task calls best; of equal ones the first."""
    return max(history, key=lambda metrics: task.merit(metrics.figures), default=None)


def why_best(history: Sequence[EpochMetrics], task: Task) -> str:
    """Say how `best_epoch` chose, as part of a sentence.

    A metric that was the same in every epoch, as that of a network which always predicts one class, did not
    choose: the next one did.
    """
    names = [f"{VALIDATION}{name}" for name in task.best]
    if not all(set(names) <= metrics.figures.keys() for metrics in history):
        return task.why_best(validated=False)
    decided = (name for name in names if len({metrics.figures[name] for metrics in history}) > 1)
    return task.why_best(validated=True, by=next(decided, "").removeprefix(VALIDATION))


def watched_loss(metrics: EpochMetrics) -> float:
    """The loss that early stopping and the plateau schedule watch: validation, or training without it."""
    return metrics.figures.get(f"{VALIDATION}{LOSS.name}", metrics[LOSS.name])


def epochs_without_progress(history: Sequence[EpochMetrics]) -> int:
    """Count the epochs since the watched loss was lowest."""
    losses = [watched_loss(metrics) for metrics in history]
    return len(losses) - 1 - losses.index(min(losses)) if losses else 0


def plateau_factor(history: Sequence[EpochMetrics]) -> float:
    """The factor of the plateau schedule on the learning rate after these epochs: 1, 1/2, 1/4 ..."""
    factor, lowest, waited = 1.0, float("inf"), 0
    for metrics in history:
        if watched_loss(metrics) < lowest:
            lowest, waited = watched_loss(metrics), 0
        else:
            waited += 1
        if waited == PLATEAU_PATIENCE:
            factor, waited = factor / 2, 0
    return factor


def row(metrics: EpochMetrics, task: Task) -> dict[str, float | None]:
    """List the figures of an epoch by the names of the columns; None for what was not measured."""
    return {
        "epoch": metrics.epoch,
        **{name: metrics.get(name) for name in task.columns},
        "learning_rate": metrics.learning_rate,
        "seconds": metrics.seconds,
    }


def to_csv(history: Sequence[EpochMetrics], task: Task) -> str:
    """Write the history as a table with a header; what was not measured stays empty."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*_BEFORE, *task.columns, *_AFTER], lineterminator="\n")
    writer.writeheader()
    writer.writerows(row(metrics, task) for metrics in history)
    return text.getvalue()


def from_csv(text: str) -> tuple[EpochMetrics, ...]:
    """Read the table of `to_csv`, for any task.

    Raises:
        ValueError: The text is not such a table.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""))
    columns = list(reader.fieldnames or [])
    names = columns[len(_BEFORE) : -len(_AFTER)]
    if columns != [*_BEFORE, *names, *_AFTER] or LOSS.name not in names or len(set(columns)) < len(columns):
        message = "not a table of epochs"
        raise ValueError(message)
    return tuple(_metrics(line, names) for line in reader)


def _metrics(line: dict[str, str], names: Sequence[str]) -> EpochMetrics:
    if None in line or None in line.values():
        message = "a row of another length"
        raise ValueError(message)
    figures = {name: float(line[name]) for name in names if line[name]}
    if LOSS.name not in figures:
        message = "an epoch without a loss"
        raise ValueError(message)
    return EpochMetrics(
        epoch=int(line["epoch"]),
        learning_rate=float(line["learning_rate"]),
        seconds=float(line["seconds"]),
        figures=figures,
    )
