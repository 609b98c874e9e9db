"""Events of a running fit: frozen and picklable, for a terminal, a window or another process."""

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
        epoch: Number of the epoch, from 1.
        learning_rate: Learning rate of the epoch's last step.
        seconds: Duration, validation included, pauses not.
        figures: Metrics of the task by their names. ``loss`` is the mean over the training batches,
            regularisation included; the others too are of these batches, as they were augmented. With
            ``val_`` before the name they are of the validation split, where there is one.
    """

    epoch: int
    learning_rate: float
    seconds: float
    figures: dict[str, float] = field(hash=False)

    def __getitem__(self, name: str) -> float:
        """The figure of this name.

        Raises:
            KeyError: The figure was not measured.
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
        """The figures on the validation split, by the names of the metrics; empty when there is none."""
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
        recipe: Id of the recipe.
        task: Kind of the task.
        classes: Names in label order.
        train: Number of training pictures.
        validation: Number of pictures that choose the best epoch.
        test: Number of pictures for the final figures.
        steps: Batches in an epoch.
        epochs: Planned epochs, fine-tuning included.
        history: Finished epochs of earlier sessions of the run; empty for a new run.
        parameters: Parameters of the network.
        summary: Table of the layers, as text.
        device: Device in words, such as "CPU (2 cores)".
        choice: What the run chose by itself, in a few words: "linear head, chosen on 120 validation
            pictures"; may be empty.
        unbalanced: Whether the classes are out of balance, and the balanced accuracy chooses the best epoch.
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
    choice: str = ""
    unbalanced: bool = False


@dataclass(frozen=True, slots=True)
class Preparing:
    """Work before, between or after the epochs that takes a while.

    Attributes:
        message: Short phrase: "Reading pictures", "Computing features", "Choosing the head",
            "Preparing the network", "Evaluating".
        done: Pictures that are done.
        total: Pictures in total; None when not known.
    """

    message: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class BatchEnded:
    """A training batch has ended; sent for at most 20 batches a second.

    Attributes:
        epoch: Number of the epoch, from 1.
        step: Number of the batch within the epoch, from 1.
        steps: Batches in an epoch.
        figures: Running means over the epoch so far, of the metrics that the task shows while it trains.
        pictures_per_second: Speed over the last seconds.
        seconds_left: Estimated time left for the whole run; None in the first moments.
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
class TriedOut:
    """What the network says after an epoch about the picture that was requested.

    Attributes:
        path: The picture.
        epoch: Number of the epoch, from 1.
        label: Name of the class that the network predicts; empty when the picture cannot be read.
        probability: Probability of that class, 0..1.
        problem: Why the picture cannot be read, as a sentence; empty when it can.
    """

    path: Path
    epoch: int
    label: str = ""
    probability: float = 0.0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CheckpointSaved:
    """The run can be resumed from here: after ``step`` batches of epoch ``epoch`` (0: all of it)."""

    epoch: int
    step: int


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning for the user, as a sentence; the fit continues."""

    message: str


@dataclass(frozen=True, slots=True)
class PauseChanged:
    """The fit has paused between two batches, or resumed."""

    paused: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """The fit has ended in any way; the last event of every run."""

    result: TrainingResult


TrainingEvent = (
    Started
    | Preparing
    | BatchEnded
    | EpochEnded
    | TriedOut
    | CheckpointSaved
    | Warned
    | PauseChanged
    | Finished
)
