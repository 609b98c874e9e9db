"""Figures of an epoch, by their names."""

from __future__ import annotations

from desktop_app.core.training.records.events import EpochMetrics


def epoch(number=1, *, learning_rate=0.001, seconds=2.5, **figures):
    """An epoch of a classifier; figures that are None were not measured."""
    known = {"loss": 0.5, "accuracy": 0.75} | figures
    measured = {name: value for name, value in known.items() if value is not None}
    return EpochMetrics(number, learning_rate, seconds, measured)
