"""A training as Sightline does it and as a script with Keras does it, with the time of each epoch."""

from __future__ import annotations

import contextlib
import io
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.store import Library
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.events import EpochEnded, Preparing, Started
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.task.classification import compile_model

if TYPE_CHECKING:
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.settings.config import TrainingConfig


@dataclass(frozen=True)
class Pace:
    """How long the epochs of one training took.

    Attributes:
        pictures: Trained on in an epoch.
        first: Seconds of the first epoch with all that came before it since the data was known.
        later: Seconds of each epoch after it.
    """

    pictures: int
    first: float
    later: tuple[float, ...]

    @property
    def first_rate(self) -> float:
        """Pictures a second in the first epoch."""
        return self.pictures / self.first

    @property
    def later_rate(self) -> float:
        """Pictures a second in the median of the later epochs."""
        return self.pictures / statistics.median(self.later)

    def total(self, epochs: int) -> float:
        """Seconds of so many epochs; the mean of the later ones stands for those that were left out."""
        return self.first + statistics.fmean(self.later) * (epochs - 1)


def train(config: TrainingConfig) -> Pace:
    """Train as the app does, in a temporary run and library.

    The first epoch begins when pictures begin to be read. Each has its validation and its checkpoint. What
    the app learns when a folder is opened, long before somebody starts a training, does not count.

    Raises:
        RuntimeError: The training did not finish.
    """
    marks: list[float] = []
    pictures = 0

    def note(event: TrainingEvent) -> None:
        nonlocal pictures
        match event:
            case Preparing(message="Reading pictures") if not marks:
                marks.append(time.perf_counter())
            case Started():
                pictures = event.train
            case EpochEnded():
                marks.append(time.perf_counter())
            case _:
                pass

    with tempfile.TemporaryDirectory(prefix="sightline-bench-runs-") as name:
        folder = Path(name)
        runs = RunStore(folder / "runs", folder / "trash-runs", folder / "scratch")
        library = Library(folder / "shipped", folder / "models", folder / "trash", folder / "downloads")
        result = fit.train(
            config,
            note,
            TrainingControl().token,
            runs=runs,
            library=library,
            make_executor=ThreadPoolExecutor,
        )
    if result.status != "finished":
        raise RuntimeError(result.reason.text)
    return _pace(pictures, marks)


def fit_plainly(model: Any, data: Any, validation: Any, *, pictures: int, epochs: int) -> Pace:
    """Train a compiled model with ``fit`` on what Keras's own readers give, which have shuffled already."""
    import keras

    marks = [time.perf_counter()]
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda _epoch, _logs: marks.append(time.perf_counter())
    )
    model.fit(data, validation_data=validation, epochs=epochs, shuffle=False, verbose=0, callbacks=[watch])
    return _pace(pictures, marks)


def compiled(config: TrainingConfig) -> Any:
    """The recipe's network for two classes, compiled as a script with Keras would: with Keras's own Adam.

    Without XLA, as in Sightline: on processors it makes the step of a small network twice as slow.
    """
    import keras

    values = config.hyperparameters
    assert values.optimizer == "adam"
    assert not values.weight_decay
    model = catalogue.get(config.recipe).build(values, 2).full
    compile_model(model, keras.optimizers.Adam(values.learning_rate), values, 2)
    return model


def image_dataset(config: TrainingConfig, folder: Path, label_mode: str) -> Any:
    """Read both splits of a folder with Keras's own reader, with the sizes of a configuration."""
    import keras

    values = config.hyperparameters
    with contextlib.redirect_stdout(io.StringIO()):  # it counts the files aloud
        return keras.utils.image_dataset_from_directory(
            str(folder),
            label_mode=label_mode,
            batch_size=values.batch_size,
            image_size=(values.input_size, values.input_size),
            validation_split=config.validation_split,
            subset="both",
            seed=1,
        )


def _pace(pictures: int, marks: list[float]) -> Pace:
    seconds = [after - before for before, after in pairwise(marks)]
    return Pace(pictures, seconds[0], tuple(seconds[1:]))
