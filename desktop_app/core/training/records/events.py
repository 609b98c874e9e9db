"""What a fit tells while it runs: frozen and picklable, for a terminal, a window or another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.training.records.result import TrainingResult


@dataclass(frozen=True, slots=True)
class EpochMetrics:
    """The figures of one finished epoch, one row of ``metrics.csv``.

    Attributes:
        epoch: From 1.
        loss: Mean over the training batches, regularisation included.
        accuracy: Top-1 on the training batches as they were augmented, 0..1.
        top_k: Top-k accuracy (k = 3, or 5 from 20 classes on), 0..1; None for fewer than four classes.
        val_loss: On the validation part; None when there is none.
        val_accuracy: Likewise.
        val_top_k: Likewise.
        learning_rate: Of the last step of the epoch.
        seconds: Duration, validation included, pauses not.
    """

    epoch: int
    loss: float
    accuracy: float
    top_k: float | None
    val_loss: float | None
    val_accuracy: float | None
    val_top_k: float | None
    learning_rate: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Started:
    """The network is built and the data is known; `Preparing` events came before.

    Attributes:
        run_id: Folder name of the run.
        name: Readable name of the run and its model.
        folder: The run folder.
        recipe: Its id.
        classes: Names in label order.
        train: Pictures to train on.
        validation: Pictures to choose the best epoch with.
        test: Pictures for the final figures.
        steps: Batches an epoch.
        epochs: Planned epochs, fine-tuning included.
        history: Epochs that an earlier, interrupted part of the run has finished; empty for a new run.
        top_k: The k of the top-k figures.
        parameters: Of the network.
        summary: The layers as a table of text.
        device: Readable, such as "CPU (2 cores)".
    """

    run_id: str
    name: str
    folder: Path
    recipe: str
    classes: tuple[str, ...]
    train: int
    validation: int
    test: int
    steps: int
    epochs: int
    history: tuple[EpochMetrics, ...]
    top_k: int
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
        loss: Running mean over the epoch so far.
        accuracy: Likewise, 0..1.
        pictures_per_second: Over the last seconds.
        seconds_left: Of the whole run, estimated; None in the first moments.
    """

    epoch: int
    step: int
    steps: int
    loss: float
    accuracy: float
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
