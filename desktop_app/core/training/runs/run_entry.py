"""A run as lists show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted
from desktop_app.core.training.records.run_task import task_of
from desktop_app.core.training.task.metric import VALIDATION

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.training.records.events import EpochMetrics
    from desktop_app.core.training.runs.run_record import RunRecord
    from desktop_app.core.training.task.task import Task


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A past or present run as the list shows it.

    Attributes:
        record: Contents of ``run.json``; the ``state`` of a run that nobody works on is never ``running``.
        folder: Folder of the run.
        history: Finished epochs.
        problem: Why the run cannot be read, as a sentence; empty when it can.
        resumable: Whether the run can be resumed.
    """

    record: RunRecord
    folder: Path
    history: tuple[EpochMetrics, ...]
    problem: str = ""
    resumable: bool = False

    @property
    def sentence(self) -> str:
        """Where the run stands, in a few words."""
        if self.problem:
            return "Cannot be read"
        done, planned = self.record.epochs_done, self.planned_epochs
        epochs = counted(done, "epoch")
        part = f"{done} of {counted(planned, 'epoch')}"
        match self.record.state:
            case "running":
                return f"Running, {part} done"
            case "finished":
                return f"Finished, {epochs}"
            case "stopped":
                return f"Stopped, {part}"
            case "failed":
                return f"Failed after {part}" if done else "Failed before the first epoch ended"
            case "interrupted":
                return f"Interrupted, {part}"

    @property
    def planned_epochs(self) -> int:
        """Number of epochs that the configuration asks for, fine-tuning included."""
        values = self.record.config.hyperparameters
        return values.epochs + values.fine_tune_epochs

    @property
    def task(self) -> Task:
        """The task that is learned."""
        config = self.record.config
        return task_of(config.task, config.recipe, unbalanced=self.record.unbalanced)

    @property
    def validated(self) -> float | None:
        """The task's headline metric on the validation split in the best epoch; None when there is none."""
        shown = self.task.shown
        kept = self.record.metrics.get(f"{VALIDATION}{shown.name}")
        known = [
            figure for epoch in self.history if (figure := epoch.get(f"{VALIDATION}{shown.name}")) is not None
        ]
        return kept if kept is not None else max(known, key=shown.merit, default=None)

    @property
    def tested(self) -> float | None:
        """The same metric of the model on the test split; None when it was not measured."""
        return self.record.metrics.get(f"test_{self.task.headline}")
