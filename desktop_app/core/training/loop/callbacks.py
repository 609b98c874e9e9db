"""What happens between two batches: control, checks, events and checkpoints, as one Keras callback."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from desktop_app.core.training.loop.pace import Pace
from desktop_app.core.training.records.events import BatchEnded
from desktop_app.core.training.records.failures import NotFinite
from desktop_app.core.training.task.metric import LOSS

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras

    from desktop_app.core.training.loop.endings import Gate
    from desktop_app.core.training.records.events import TrainingEvent

EVENTS_PER_SECOND = 20
"""Most events in a second: more would not be seen and would slow down the fit."""

CHECKPOINT_SECONDS = 300.0
"""Time between checkpoints within long epochs."""


class BatchWatch:
    """Follows the batches of one phase.

    Reading a figure makes the fit wait for the device, so figures are read only when an event is due; a loss
    that is not a number is noticed then, a few batches late at most.

    Attributes:
        step: Batches done in the present epoch.
    """

    def __init__(
        self,
        gate: Gate,
        on_event: Callable[[TrainingEvent], None],
        save: Callable[[], None],
        *,
        steps: int,
        batch_size: int,
        shown: tuple[str, ...],
    ) -> None:
        """Follow batches.

        Args:
            gate: Gate that is checked after every batch, in validation too.
            on_event: Callback for `BatchEnded` events.
            save: Function that writes a checkpoint, called every `CHECKPOINT_SECONDS` within an epoch.
            steps: Batches in an epoch.
            batch_size: Pictures in a batch.
            shown: Names of the figures that events have.
        """
        self._gate = gate
        self._on_event = on_event
        self._save = save
        self._steps = steps
        self._batch_size = batch_size
        self._shown = shown
        self._pace = Pace(steps)
        self._next_event = 0.0
        self._slept = 0.0
        self._next_checkpoint = self._clock() + CHECKPOINT_SECONDS
        self._began = self._last = self._clock()
        self._epoch = 0
        self._epochs_after: int | None = None
        self.step = 0

    def begin_epoch(self, epoch: int, *, epochs_after: int | None, step: int, seconds: float) -> None:
        """Get ready for an epoch.

        Args:
            epoch: Number of the epoch, from 1.
            epochs_after: Number of epochs that follow; None when their duration is not known.
            step: Batches done in it by an earlier session of the run.
            seconds: Time spent on them.
        """
        self._epoch, self._epochs_after, self.step = epoch, epochs_after, step
        self._last = self._clock()
        self._began = self._last - seconds
        self._pace.begin()

    @property
    def seconds(self) -> float:
        """Time spent on the present epoch, without pauses and while the computer slept."""
        return self._clock() - self._began

    def batch_ended(self, logs: dict[str, Any]) -> None:
        """Do what is due after a training batch.

        Raises:
            Cancelled, Interrupted, Stopped: As the gate says.
            NotFinite: The loss is not a number.
            StorageError: The checkpoint cannot be written.
        """
        self.step += 1
        now = self._awake()
        self._pace.step_ended(now, self.step)
        if now >= self._next_event:
            self._next_event = now + 1 / EVENTS_PER_SECOND
            self._tell({name: float(logs[name]) for name in self._shown})
        if now >= self._next_checkpoint and self.step < self._steps:
            self._save()
            self.checkpoint_saved()
        self._gate.check()
        self._last = self._clock()

    def validation_batch_ended(self) -> None:
        """Check the gate after a validation batch; raises as `batch_ended`."""
        self._awake()
        self._gate.check()
        self._last = self._clock()

    def validated(self, since: float) -> None:
        """Note that the validation has ended which began at ``since`` of `seconds`."""
        self._pace.validated(self.seconds - since)

    def end_epoch(self) -> None:
        """Note how long the epoch took, and count the time to the next checkpoint from now on."""
        self._pace.epoch_ended(self.seconds)
        self.checkpoint_saved()

    def checkpoint_saved(self) -> None:
        """Count the time to the next checkpoint from now on."""
        self._next_checkpoint = self._clock() + CHECKPOINT_SECONDS

    def _tell(self, figures: dict[str, float]) -> None:
        if not math.isfinite(figures[LOSS.name]):
            raise NotFinite
        each = self._pace.seconds_per_step
        speed = self._batch_size / each if each else 0.0
        left = None
        if self._epochs_after is not None:
            left = self._pace.seconds_left(self.step, self._epochs_after)
        self._on_event(BatchEnded(self._epoch, self.step, self._steps, figures, speed, left))

    def _awake(self) -> float:
        """The time now, once what the computer slept since the last batch is taken off."""
        self._slept += self._pace.slept(self._clock() - self._last)
        return self._clock()

    def _clock(self) -> float:
        return time.monotonic() - self._gate.paused_seconds - self._slept


def as_callbacks(watch: BatchWatch, model: keras.Model, *, restore: Callable[[], None] | None = None) -> Any:
    """Put a watch where Keras calls it.

    A list of callbacks of our own, since Keras's list turns all figures into Python numbers after every batch
    and starts threads.

    Args:
        watch: Watch that is called after every batch.
        model: The network being fitted or evaluated.
        restore: Function called when the epoch begins and Keras has reset the metrics, to give them the
            values of a checkpoint from within the epoch.
    """
    import keras

    class Callbacks(keras.callbacks.CallbackList):  # type: ignore[misc]
        def on_epoch_begin(self, *_given: Any) -> None:
            if restore is not None:
                restore()

        def on_train_batch_begin(self, *_given: Any) -> None: ...

        def on_train_batch_end(self, _batch: int, logs: Any = None) -> None:
            watch.batch_ended(logs)

        def on_test_batch_begin(self, *_given: Any) -> None: ...

        def on_test_batch_end(self, *_given: Any) -> None:
            watch.validation_batch_ended()

        def _configure_async_dispatch(self, _callbacks: Any) -> None: ...

    return Callbacks(add_history=True, model=model)
