"""``log.txt``: what happened in a run, one line each, for a person."""

from __future__ import annotations

import contextlib
import traceback
from datetime import datetime
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted
from desktop_app.core.training.records.events import (
    CheckpointSaved,
    EpochEnded,
    Finished,
    PauseChanged,
    Started,
    TrainingEvent,
    Warned,
)

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.training.records.events import EpochMetrics


class Journal:
    """Appends lines to a file; a disk that is full or gone does not end the run."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, text: str) -> None:
        """Write a line with the time in front."""
        stamp = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
        with contextlib.suppress(OSError), self._path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(f"{stamp}  {text}\n")

    def note_event(self, event: TrainingEvent) -> None:
        """Write what an event says; those that come many times a minute are skipped."""
        text = _sentence(event)
        if text:
            self.note(text)

    def note_error(self, error: BaseException) -> None:
        """Write an exception with its traceback."""
        self.note("".join(traceback.format_exception(error)).rstrip())


def _sentence(event: TrainingEvent) -> str:
    text = ""
    match event:
        case Started():
            epochs = counted(event.epochs, "epoch")
            text = (
                f"Started {event.recipe} with {event.parameters:,} parameters on {event.device}: "
                f"{event.train} training, {event.validation} validation and {event.test} test pictures of "
                f"{len(event.classes)} {'labels' if event.task == 'multi-label' else 'classes'}; "
                f"{len(event.history)} of {epochs} done before."
                f"{f' {event.choice.capitalize()}.' if event.choice else ''}\n{event.summary}"
            )
        case EpochEnded():
            text = _figures(event.metrics) + (" The best so far." if event.best else "")
        case CheckpointSaved() if event.step:
            text = f"Checkpoint after batch {event.step} of epoch {event.epoch}."
        case PauseChanged():
            text = "Paused." if event.paused else "Resumed."
        case Warned():
            text = f"Warning: {event.message}"
        case Finished():
            text = f"Ended ({event.result.status}): {event.result.reason.sentence}"
    return text


def _figures(metrics: EpochMetrics) -> str:
    validation = f"; validation: {_listed(metrics.validated)}" if metrics.validated else ""
    return (
        f"Epoch {metrics.epoch}: {_listed(metrics.trained)}{validation}; "
        f"learning rate {metrics.learning_rate:.3g}; {metrics.seconds:.1f} s."
    )


def _listed(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in figures.items())
