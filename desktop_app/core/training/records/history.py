"""What follows from the figures of the epochs so far: the best one, early stopping, the plateau schedule.

All of it is computed from the history alone, so that a resumed run decides as the uninterrupted one would.
"""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from desktop_app.core.training.records.events import EpochMetrics

if TYPE_CHECKING:
    from collections.abc import Sequence

PLATEAU_PATIENCE = 3
"""Epochs without a lower validation loss after which the plateau schedule halves the learning rate."""

_COLUMNS = [field.name for field in fields(EpochMetrics)]


def best_epoch(history: Sequence[EpochMetrics]) -> EpochMetrics | None:
    """Find the epoch to keep: the highest validation accuracy, and of those the lowest validation loss.

    Without a validation part it is the lowest training loss. Of equals the first one wins.
    """

    def merit(metrics: EpochMetrics) -> tuple[float, float]:
        if metrics.val_accuracy is None or metrics.val_loss is None:
            return (0.0, -metrics.loss)
        return (metrics.val_accuracy, -metrics.val_loss)

    return max(history, key=merit, default=None)


def why_best(history: Sequence[EpochMetrics]) -> str:
    """Say by what `best_epoch` chose, as part of a sentence."""
    if any(metrics.val_accuracy is None or metrics.val_loss is None for metrics in history):
        return "the lowest training loss"
    return "the highest validation accuracy"


def watched_loss(metrics: EpochMetrics) -> float:
    """The loss that early stopping and the plateau schedule watch: validation, or training without it."""
    return metrics.loss if metrics.val_loss is None else metrics.val_loss


def epochs_without_progress(history: Sequence[EpochMetrics]) -> int:
    """Count the epochs since the watched loss was lowest."""
    losses = [watched_loss(metrics) for metrics in history]
    return len(losses) - 1 - losses.index(min(losses)) if losses else 0


def plateau_factor(history: Sequence[EpochMetrics]) -> float:
    """By what the plateau schedule multiplies the learning rate after these epochs: 1, 1/2, 1/4 ..."""
    factor, lowest, waited = 1.0, float("inf"), 0
    for metrics in history:
        if watched_loss(metrics) < lowest:
            lowest, waited = watched_loss(metrics), 0
        else:
            waited += 1
        if waited == PLATEAU_PATIENCE:
            factor, waited = factor / 2, 0
    return factor


def to_csv(history: Sequence[EpochMetrics]) -> str:
    """Write the history as a table with a head line; what is None stays empty."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(metrics) for metrics in history)
    return text.getvalue()


def from_csv(text: str) -> tuple[EpochMetrics, ...]:
    """Read the table of `to_csv`.

    Raises:
        ValueError: It is not such a table.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if reader.fieldnames != _COLUMNS:
        message = "not a table of epochs"
        raise ValueError(message)
    return tuple(_metrics(row) for row in reader)


def _metrics(row: dict[str, str]) -> EpochMetrics:
    def optional(name: str) -> float | None:
        return float(row[name]) if row[name] else None

    if None in row or None in row.values():
        message = "a row of another length"
        raise ValueError(message)
    return EpochMetrics(
        epoch=int(row["epoch"]),
        loss=float(row["loss"]),
        accuracy=float(row["accuracy"]),
        top_k=optional("top_k"),
        val_loss=optional("val_loss"),
        val_accuracy=optional("val_accuracy"),
        val_top_k=optional("val_top_k"),
        learning_rate=float(row["learning_rate"]),
        seconds=float(row["seconds"]),
    )
