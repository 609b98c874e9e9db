"""A session of a run: what all stages of a fit share, and where they report."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from desktop_app.core.training.loop.endings import Gate
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.events import CheckpointSaved, EpochEnded, Warned
from desktop_app.core.training.records.history import best_epoch
from desktop_app.core.training.records.result import EndStatus, TrainingResult
from desktop_app.core.training.records.run_task import task_of
from desktop_app.core.training.runs.checkpoint import Checkpoints
from desktop_app.core.training.runs.event_files import EventFiles
from desktop_app.core.training.runs.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.foundation.ahead import MakeExecutor
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.training.loop.control import ControlToken
    from desktop_app.core.training.recipes.recipe import Recipe
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.records.failures import Stage
    from desktop_app.core.training.records.progress import Progress
    from desktop_app.core.training.runs.place import Place
    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.task.task import Task


class Session:
    """One session of a run, from its start or resumption to its end.

    Attributes:
        run: Folder of the run.
        recipe: Recipe of the run.
        task: Task that is learned.
        record: Record as last written to ``run.json``.
        gate: Gate where the fit checks whether to continue.
        library: Library that gets the model; None when it is not kept.
        scratch: Folder for what does not fit into memory; not made yet.
        make_executor: Factory of the executor whose threads read the pictures.
        journal: Log of the run, ``log.txt``.
        checkpoints: Checkpoints of the run.
        stage: What it is doing, by which a lack of memory is explained.
    """

    def __init__(
        self,
        place: Place,
        control: ControlToken,
        on_event: Callable[[TrainingEvent], None],
        make_executor: MakeExecutor,
    ) -> None:
        """Open a run that has a record.

        Raises:
            RunError: The record is damaged.
            SightlineError: Its recipe or its task is unknown.
        """
        run = self.run = place.run
        self.record = run.read_record()
        self.recipe: Recipe = catalogue.get(self.record.config.recipe).suited(
            self.record.config.hyperparameters
        )
        self.task: Task = self._task()
        self.stage: Stage = "data"
        self.library = place.library
        self.scratch = place.scratch
        self.make_executor = make_executor
        self.journal = Journal(run.log_file)
        self.checkpoints = Checkpoints(run.checkpoints)
        self._on_event = on_event
        self.gate = Gate(control, self.emit)
        self._event_files: EventFiles | None = None
        self._began = time.monotonic()

    @property
    def values(self) -> Hyperparameters:
        """The run's hyper-parameters, with what it chose by itself."""
        return self.record.config.hyperparameters.changed(self.record.chosen)

    def weigh_classes_alike(self) -> None:
        """Go by what every class counts the same in, from now on and when the run is resumed.

        Raises:
            StorageError: The record cannot be written.
        """
        self.note(unbalanced=True)
        self.task = self._task()

    def _task(self) -> Task:
        return task_of(self.record.config.task, self.recipe.recipe_id, unbalanced=self.record.unbalanced)

    def open_event_files(self) -> None:
        """Write for TensorBoard too, where the configuration asks for it; TensorFlow must be loaded."""
        if self.record.config.tensorboard:
            self._event_files = EventFiles(self.run.tensorboard)

    def emit(self, event: TrainingEvent) -> None:
        """Report an event, in the log too."""
        self.journal.note_event(event)
        self._on_event(event)

    def warn(self, message: str) -> None:
        """Report something that the user should know."""
        self.emit(Warned(message))

    def note(self, **changes: Any) -> None:
        """Change ``run.json``.

        Raises:
            StorageError: The record cannot be written.
        """
        self.record = self.record.model_copy(update=changes)
        self.run.write_record(self.record)

    def epoch_ended(self, progress: Progress) -> None:
        """Write and report the figures of the last epoch of ``progress``, once its checkpoint is written.

        Raises:
            StorageError: The files cannot be written.
        """
        best = best_epoch(progress.history, self.task)
        assert best is not None
        self.run.write_history(progress.history, self.task)
        self.note(epochs_done=len(progress.history), best_epoch=best.epoch, metrics=dict(best.figures))
        if self._event_files is not None:
            self._event_files.add(progress.history[-1])
        self.emit(EpochEnded(progress.history[-1], best=best.epoch == len(progress.history)))
        self.emit(CheckpointSaved(len(progress.history), 0))

    def result(
        self,
        status: EndStatus,
        reason: Reason,
        **more: Any,
    ) -> TrainingResult:
        """Make the result of this run from its record, and ``more``."""
        return TrainingResult(
            status=status,
            run_id=self.run.run_id,
            name=self.record.name,
            model_id=self.record.model_id,
            epochs=self.record.epochs_done,
            best_epoch=self.record.best_epoch,
            reason=reason,
            seconds=time.monotonic() - self._began,
            **({"evaluation": None} | more),
        )

    def note_end(self, result: TrainingResult) -> None:
        """Write into ``run.json`` how the run ended.

        Raises:
            StorageError: The record cannot be written.
        """
        self.note(
            state=result.status,
            ended=datetime.now(UTC).isoformat(timespec="seconds"),
            message=result.reason.text,
            advice=result.reason.advice,
        )

    def close(self) -> None:
        """Close the files that are open."""
        if self._event_files is not None:
            self._event_files.close()
