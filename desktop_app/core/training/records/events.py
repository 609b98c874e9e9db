"""What a fit tells while it runs: frozen and picklable, for a terminal, a window or another process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.core.training.task.metric import VALIDATION

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.training.records.result import TrainingResult


@dataclass(frozen=True, slots=True)
class EpochMetrics:
    """The figures of one finished epoch, one row of ``metrics.csv``.

    Attributes:
        epoch: From 1.
        learning_rate: Of the last step of the epoch.
        seconds: Duration, validation included, pauses not.
        figures: The metrics of the task by their names. ``loss`` is the mean over the training batches,
            regularisation included; the others are of these batches too, as they were augmented. With
            ``val_`` before the name they are of the validation split, where there is one.
    """

    epoch: int
    learning_rate: float
    seconds: float
    figures: dict[str, float] = field(hash=False)

    def __getitem__(self, name: str) -> float:
        """The figure of this name.

        Raises:
            KeyError: It was not measured.
        """
        return self.figures[name]

    def get(self, name: str) -> float | None:
        """The figure of this name; None when it was not measured."""
        return self.figures.get(name)

    @property
    def trained(self) -> dict[str, float]:
        """The figures on the training split, by the names of the metrics."""
        return {name: value for name, value in self.figures.items() if not name.startswith(VALIDATION)}

    @property
    def validated(self) -> dict[str, float]:
        """The figures on the validation split, likewise; empty when there is none."""
        return {
            name.removeprefix(VALIDATION): value
            for name, value in self.figures.items()
            if name.startswith(VALIDATION)
        }


@dataclass(frozen=True, slots=True)
class Started:
    """The network is built and the data is known; `Preparing` events came before.

    Attributes:
        run_id: Folder name of the run.
        name: Readable name of the run and its model.
        folder: The run folder.
        recipe: Its id.
        task: Kind of the task.
        classes: Names in label order.
        train: Pictures to train on.
        validation: Pictures to choose the best epoch with.
        test: Pictures for the final figures.
        steps: Batches an epoch.
        epochs: Planned epochs, fine-tuning included.
        history: Epochs that an earlier, interrupted part of the run has finished; empty for a new run.
        parameters: Of the network.
        summary: The layers as a table of text.
        device: Readable, such as "CPU (2 cores)".
    """

    run_id: str
    name: str
    folder: Path
    recipe: str
    task: str
    classes: tuple[str, ...]
    train: int
    validation: int
    test: int
    steps: int
    epochs: int
    history: tuple[EpochMetrics, ...]
    parameters: int
    summary: str
    device: str


@dataclass(frozen=True, slots=True)
class Preparing:
    """Something before, between or after the epochs that takes a while.

    Attributes:
        message: "Reading pictures", "Computing features", "Preparing the network", "Evaluating";
            a whole short phrase.
        done: How much of it is done, in pictures.
        total: Out of how many; None when that is not known.
    """

    message: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class BatchEnded:
    """A training batch has ended; sent for at most 20 batches a second.

    Attributes:
        epoch: From 1.
        step: From 1, within the epoch.
        steps: Batches an epoch.
        figures: Running means over the epoch so far, of the metrics that the task shows meanwhile.
        pictures_per_second: Over the last seconds.
        seconds_left: Of the whole run, estimated; None in the first moments.
    """

    epoch: int
    step: int
    steps: int
    figures: dict[str, float] = field(hash=False)
    pictures_per_second: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """An epoch has ended, with its validation; ``best`` when it is the best so far."""

    metrics: EpochMetrics
    best: bool


@dataclass(frozen=True, slots=True)
class CheckpointSaved:
    """From here the run can be resumed: after ``step`` batches of epoch ``epoch`` (0: all of it)."""

    epoch: int
    step: int


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that the user should know, as a sentence; the fit goes on."""

    message: str


@dataclass(frozen=True, slots=True)
class PauseChanged:
    """The fit holds between two batches, or goes on."""

    paused: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """The fit has ended, however; the last event of every run."""

    result: TrainingResult


TrainingEvent = (
    Started | Preparing | BatchEnded | EpochEnded | CheckpointSaved | Warned | PauseChanged | Finished
)
