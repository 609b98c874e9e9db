"""How far a run has come: what a checkpoint holds besides numbers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from desktop_app.core.training.records.events import EpochMetrics


class Progress(BaseModel):
    """The place in a run.

    Attributes:
        phase_starts: For each phase that was begun, the number of epochs finished before it; the last one is
            the present phase.
        step: Batches done in the unfinished epoch.
        seconds: Spent on the unfinished epoch, pauses not counted.
        trained: Figures of the training part of the unfinished epoch, once only its validation is missing.
        history: Finished epochs of all phases.
        pictures: That the unfinished epoch trains on, or the last finished one did; 0 when not known.
        planned_steps: That the learning rate of the present phase is planned for; 0 when not known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

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
