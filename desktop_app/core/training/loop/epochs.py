"""The epochs of a fit, from wherever the run stands to its end."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted
from desktop_app.core.networks.memory_need import require_memory
from desktop_app.core.training.loop.callbacks import BatchWatch, as_callbacks
from desktop_app.core.training.loop.endings import Interrupted, Stopped
from desktop_app.core.training.loop.optimizers import last_learning_rate, set_learning_rate
from desktop_app.core.training.loop.phases import Phase, open_phase, plan
from desktop_app.core.training.loop.try_out import TryOut
from desktop_app.core.training.records.events import CheckpointSaved, EpochMetrics, Preparing
from desktop_app.core.training.records.failures import NotFinite
from desktop_app.core.training.records.history import best_epoch, epochs_without_progress, plateau_factor
from desktop_app.core.training.runs.checkpoint import values as values_of
from desktop_app.core.training.task.metric import VALIDATION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import keras

    from desktop_app.core.training.loop.phases import OpenPhase
    from desktop_app.core.training.loop.pictures import Pictures
    from desktop_app.core.training.loop.session import Session
    from desktop_app.core.training.recipes.recipe import Network
    from desktop_app.core.training.records.progress import Progress
    from desktop_app.core.training.runs.checkpoint import Arrays


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """The result of the epochs.

    Attributes:
        progress: Where the run stands.
        stopped: Whether the user ended it early.
        variables: Variables to keep: of the best epoch, or the present ones when none is finished.
        of_head: Whether the variables are those of the network's head alone.
        fine_tuned: Whether the network's backbone may have learned since it was built.
        planned: Highest number of epochs that the run could have.
        skipped: Whether there was no need to fine-tune.
    """

    progress: Progress
    stopped: bool
    variables: Arrays
    of_head: bool
    fine_tuned: bool
    planned: int
    skipped: bool = False


def train_epochs(session: Session, network: Network, pictures: Pictures, progress: Progress) -> Trained:
    """Run all epochs that are left.

    Raises:
        Stopped: This session learned nothing yet, and no epoch of an earlier session is finished;
            `trained_before` keeps what an earlier session learned.
        Interrupted, Cancelled: As the gate says; in the first case a checkpoint is written.
        NotFinite: The loss or a weight is not a number.
        StorageError: A checkpoint cannot be written; the one before is untouched.
    """
    phases = plan(network, session.values)
    loop = _Loop(session, phases, progress, TryOut(session, network, pictures.classes))
    stopped = skipped = False
    try:
        while True:
            phase = phases[loop.progress.phase]
            if not loop.phase_is_over():
                planned = loop.progress.planned_steps
                training = open_phase(session, phase, network, pictures, planned_steps=planned)
                loop.run(training, pictures.count("train"))
                del training  # the coming phase has its own
            skipped = phase is not phases[-1] and loop.is_good_enough()
            if skipped or phase is phases[-1]:
                break
            loop.begin_next_phase()
    except Stopped:
        if not loop.progress.history and not loop.present:
            raise
        stopped = True
    done = phases[: loop.progress.phase + 1] if skipped else phases
    trained = _trained(session, done, loop.progress, loop.present, stopped=stopped)
    return replace(trained, skipped=skipped)


def trained_before(session: Session, network: Network, progress: Progress) -> Trained:
    """Take what earlier sessions of a run learned, where this one was stopped before it learned anything.

    Args:
        session: The run.
        network: The network as it was built.
        progress: Progress of the last checkpoint, after something was learned.

    Raises:
        RunError: A checkpoint is damaged.
        StorageError: A checkpoint is missing.
    """
    present = [] if progress.history else session.checkpoints.read_last()
    return _trained(session, plan(network, session.values), progress, present, stopped=True)


def _trained(
    session: Session, phases: Sequence[Phase], progress: Progress, present: Arrays, *, stopped: bool
) -> Trained:
    """Choose the weights to keep; ``present`` are those where no epoch is finished."""
    best = best_epoch(progress.history, session.task)
    variables = present if best is None else session.checkpoints.read_best(best.epoch)
    phase = phases[0 if best is None else progress.phase_of(best.epoch)]
    planned = sum(phase.epochs for phase in phases)
    fine_tuned = phases[progress.phase].fine_tuning
    return Trained(
        progress, stopped, variables, of_head=phase.on_features, fine_tuned=fine_tuned, planned=planned
    )


class _Loop:
    """Counts the epochs, over all phases.

    Attributes:
        progress: Where the run stands.
        present: The network's variables where the fit was stopped within its first epoch.
    """

    def __init__(
        self, session: Session, phases: Sequence[Phase], progress: Progress, try_out: TryOut
    ) -> None:
        self._session = session
        self._try_out = try_out
        self._checkpoints = session.checkpoints
        self._phases = phases
        self._resumed = session.checkpoints.exists
        self.progress = progress
        self.present: Arrays = []

    def phase_is_over(self) -> bool:
        """Whether the present phase has had its epochs, or makes no more progress."""
        done = self.progress.phase_history
        patience = self._session.values.early_stopping
        stale = patience > 0 and epochs_without_progress(done) >= patience
        return stale or len(done) >= self._phases[self.progress.phase].epochs

    def is_good_enough(self) -> bool:
        """Whether the best epoch of the present phase makes the fine-tuning unnecessary."""
        best = best_epoch(self.progress.phase_history, self._session.task)
        headline = self._session.task.headline
        reached = None if best is None else best.validated.get(headline)
        return reached is not None and reached > self._session.values.fine_tune_below

    def begin_next_phase(self) -> None:
        """Continue from the best epoch of the phase that is over."""
        best = best_epoch(self.progress.phase_history, self._session.task)
        if best is not None:
            self._checkpoints.assign_best(best.epoch, self._phases[self.progress.phase].model)
        self.progress = self.progress.next_phase()
        self._resumed = False

    def run(self, training: OpenPhase, count: int) -> None:
        """Run the epochs of a phase on so many pictures, from a checkpoint where there is one."""
        model, phase = training.phase.model, training.phase
        require_memory(model, self._session.values.batch_size)
        self._take_in(count, training.planned_steps)
        if self._resumed:
            self._checkpoints.restore(model)
        else:
            self._save(model)
        # The first batch of a phase waits seconds until TensorFlow has traced and optimised the network.
        self._session.emit(Preparing("Preparing the network", 0, None))
        watch = BatchWatch(
            self._session.gate,
            self._session.emit,
            lambda: self._save_within(training, watch),
            steps=training.train.steps,
            batch_size=self._session.values.batch_size,
            shown=self._session.task.live,
        )
        while not self.phase_is_over():
            last = phase is self._phases[-1]
            left = phase.epochs - len(self.progress.phase_history) - 1
            watch.begin_epoch(
                self.progress.epoch,
                epochs_after=left if last else None,
                step=self.progress.step,
                seconds=self.progress.seconds,
            )
            try:
                metrics = self._epoch(training, watch)
            except (Stopped, Interrupted):
                self._save_within(training, watch)
                self.present = values_of(model.variables)
                raise
            watch.end_epoch()
            self._finish_epoch(training, metrics)

    def _take_in(self, count: int, planned_steps: int) -> None:
        """Note what the coming epochs train on; with other pictures an unfinished one restarts."""
        before = self.progress.pictures
        if before not in {0, count}:
            restart = ""
            if self.progress.step and self.progress.trained is None:
                self.progress = self.progress.at_step(0, 0.0)
                restart = f" Epoch {self.progress.epoch} starts again."
            there = f"There {'is' if count == 1 else 'are'} {counted(count, 'training picture')} now"
            self._session.warn(f"{there}, not {before:,} as before.{restart}")
        self.progress = self.progress.model_copy(update={"pictures": count, "planned_steps": planned_steps})

    def _epoch(self, training: OpenPhase, watch: BatchWatch) -> EpochMetrics:
        """Train and validate one epoch, or the rest of one that an earlier session began."""
        model = training.phase.model
        figures = self.progress.trained
        if figures is None:
            figures = self._fit(training, watch)
            _require_finite(figures)  # a checkpoint could not hold them
            self.progress = self.progress.at_step(training.train.steps, watch.seconds, figures)
        validation = self._validate(training, watch)
        _require_finite(validation)
        measured = figures | validation
        return EpochMetrics(
            epoch=self.progress.epoch,
            learning_rate=last_learning_rate(model),
            seconds=watch.seconds,
            figures={name: measured[name] for name in self._session.task.columns if name in measured},
        )

    def _fit(self, training: OpenPhase, watch: BatchWatch) -> dict[str, float]:
        model, epoch, step = training.phase.model, self.progress.epoch, self.progress.step
        batches = training.train.epoch(epoch, step)
        restore = None
        if step:
            model.evaluate(batches.take(1), verbose=0)  # makes the metrics' variables
            restore = lambda: self._checkpoints.restore_metrics(model)  # noqa: E731 - reads best in its place
        history = model.fit(
            batches,
            initial_epoch=epoch - 1,
            epochs=epoch,
            shuffle=False,
            verbose=0,
            callbacks=as_callbacks(watch, model, restore=restore),
        ).history
        return {name: float(values[-1]) for name, values in history.items()}

    def _validate(self, training: OpenPhase, watch: BatchWatch) -> dict[str, float]:
        if training.validation is None:
            return {}
        began = watch.seconds
        model = training.phase.model
        figures = model.evaluate(
            training.validation.plain(), verbose=0, return_dict=True, callbacks=as_callbacks(watch, model)
        )
        watch.validated(began)
        return {f"{VALIDATION}{name}": float(value) for name, value in figures.items()}

    def _finish_epoch(self, training: OpenPhase, metrics: EpochMetrics) -> None:
        model = training.phase.model
        self.progress = self.progress.with_epoch(metrics)
        best = best_epoch(self.progress.history, self._session.task)
        if best is metrics:
            self._checkpoints.save_best(metrics.epoch, values_of(model.variables), self.progress)
        if training.phase.schedule == "plateau":
            rate = training.phase.peak * plateau_factor(self.progress.phase_history)
            set_learning_rate(model, rate)
        self._save(model)
        self._session.epoch_ended(self.progress)
        self._try_out.answer(training.phase, metrics.epoch)

    def _save_within(self, training: OpenPhase, watch: BatchWatch) -> None:
        """Write a checkpoint within an epoch."""
        model = training.phase.model
        trained = self.progress.trained
        if trained is None and watch.step == training.train.steps:
            trained = {name: float(value) for name, value in model.get_metrics_result().items()}
            _require_finite(trained)
        self.progress = self.progress.at_step(watch.step, watch.seconds, trained)
        self._save(model)
        self._session.emit(CheckpointSaved(self.progress.epoch, watch.step))

    def _save(self, model: keras.Model) -> None:
        best = best_epoch(self.progress.history, self._session.task)
        self._checkpoints.save(self.progress, model, best=None if best is None else best.epoch)


def _require_finite(figures: Mapping[str, float]) -> None:
    if not all(map(math.isfinite, figures.values())):
        raise NotFinite
