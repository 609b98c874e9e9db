"""How far a run has come: the part of a checkpoint that is not arrays."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from desktop_app.core.foundation.migration import DocumentKind
from desktop_app.core.training.records.events import EpochMetrics

_PLAIN = ("epoch", "learning_rate", "seconds")


def _with_named_figures(progress: dict[str, Any]) -> dict[str, Any]:
    history = progress.get("history")
    if isinstance(history, list):
        progress["history"] = [_named(epoch) if isinstance(epoch, dict) else epoch for epoch in history]
    return progress


def _named(epoch: dict[str, Any]) -> dict[str, Any]:
    figures = {name: value for name, value in epoch.items() if name not in _PLAIN and value is not None}
    return {name: epoch[name] for name in _PLAIN if name in epoch} | {"figures": figures}


PROGRESS = DocumentKind((_with_named_figures,))
"""Version 2 has the figures of an epoch by their names, as the task measures them."""


class Progress(BaseModel):
    """The position in a run.

    Attributes:
        phase_starts: Number of epochs finished before each phase that was begun; the last one is the present
            phase.
        step: Batches done in the unfinished epoch.
        seconds: Time spent on the unfinished epoch, pauses not counted.
        trained: Training figures of the unfinished epoch, once only its validation is missing.
        history: Finished epochs of all phases.
        pictures: Training pictures of the unfinished epoch, or of the last finished one; 0 when not known.
        planned_steps: Steps for which the present phase plans the learning rate; 0 when not known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[2] = 2
    phase_starts: tuple[int, ...] = (0,)
    step: int = 0
    seconds: float = 0.0
    trained: dict[str, float] | None = None
    history: tuple[EpochMetrics, ...] = ()
    pictures: int = 0
    planned_steps: int = 0

    @property
    def phase(self) -> int:
        """Index of the present phase."""
        return len(self.phase_starts) - 1

    @property
    def phase_history(self) -> tuple[EpochMetrics, ...]:
        """Finished epochs of the present phase."""
        return self.history[self.phase_starts[-1] :]

    @property
    def epoch(self) -> int:
        """The epoch that comes next or is unfinished, from 1."""
        return len(self.history) + 1

    @property
    def begun(self) -> bool:
        """Whether anything was learned yet."""
        return bool(self.history or self.step)

    def phase_of(self, epoch: int) -> int:
        """Index of the phase that a finished epoch (from 1) belongs to."""
        return max(index for index, start in enumerate(self.phase_starts) if start < epoch)

    def at_step(self, step: int, seconds: float, trained: dict[str, float] | None = None) -> Progress:
        """The same, further in the present epoch."""
        return self.model_copy(update={"step": step, "seconds": seconds, "trained": trained})

    def with_epoch(self, metrics: EpochMetrics) -> Progress:
        """The same with the present epoch finished."""
        return self.at_step(0, 0.0).model_copy(update={"history": (*self.history, metrics)})

    def next_phase(self) -> Progress:
        """The same at the start of the next phase."""
        return Progress(phase_starts=(*self.phase_starts, len(self.history)), history=self.history)
