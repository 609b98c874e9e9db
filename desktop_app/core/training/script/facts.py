"""What a script is made from: the run, its recipe, its pictures and its network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.classify.confusion import out_of_balance
from desktop_app.core.datasets.splits.split_file import read_split
from desktop_app.core.engine.loading import load_engine
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.library.backbones.catalogue import BACKBONES
from desktop_app.core.training.loop.precision import dtype_policy, seeded
from desktop_app.core.training.loop.refit import may_pay
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.recipes.vgg19_transfer import NOW
from desktop_app.core.training.recipes.vgg19_transfer import RECIPE as VGG19_TRANSFER
from desktop_app.core.training.records.run_task import task_of
from desktop_app.core.training.runs.run_folder import RunFolder
from desktop_app.core.training.task.metric import VALIDATION

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.report import Part
    from desktop_app.core.datasets.splits.split_file import Split
    from desktop_app.core.images.decoding.reading import PixelReading
    from desktop_app.core.library.backbones.backbone import Backbone
    from desktop_app.core.training.recipes.recipe import Network, Recipe
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.core.training.runs.run_record import RunRecord
    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.task.task import Task


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Everything about a run that its script depends on.

    Attributes:
        record: The record of the run.
        values: Its hyper-parameters, with what it chose by itself.
        recipe: Its recipe, as the values make it.
        task: Its task.
        split: Its pictures.
        split_file: The file that lists them.
        network: The network, with random weights.
        policy: Number format of its layers: ``float32``, or that of mixed precision here.
    """

    record: RunRecord
    values: Hyperparameters
    recipe: Recipe
    task: Task
    split: Split
    split_file: Path
    network: Network
    policy: str

    @property
    def outputs(self) -> int:
        """Number of the network's outputs: one for each class, or 1."""
        return int(self.network.full.output_shape[-1])

    @property
    def size(self) -> int:
        """Height and width of its pictures, in pixels."""
        return int(self.network.full.input_shape[1])

    @property
    def backbone(self) -> Backbone | None:
        """The pretrained network that it starts from; None for one that is trained from the start."""
        return None if self.network.head is None else BACKBONES[backbone_values(self).backbone]

    @property
    def from_file(self) -> bool:
        """Whether there are weights from elsewhere that the script needs a file with."""
        return self.backbone is not None and not self.values.random_weights

    @property
    def metric(self) -> str:
        """Name of the metric beside the loss that is the decisive or the shown one."""
        return self.task.headline

    @property
    def balanced(self) -> bool:
        """Whether the balanced accuracy is measured in every epoch."""
        return self.metric == "balanced_accuracy"

    @property
    def refits(self) -> bool:
        """Whether the head is fitted again on training and validation pictures, if it is what is kept."""
        return may_pay(self.recipe, self.values, self.count("train"), self.count("validation"))

    @property
    def copies(self) -> int:
        """Number of changed copies of each training picture whose features are computed."""
        return self.values.copies if self.values.augmentation.any and self.backbone is not None else 0

    @property
    def augments(self) -> bool:
        """Whether training pictures are changed at random at all."""
        fine_tunes = self.backbone is None or self.values.fine_tune_epochs > 0
        return self.values.augmentation.any and bool(fine_tunes or self.copies)

    def count(self, part: Part) -> int:
        """Number of pictures that the split has in a subset."""
        return sum(row.part == part for row in self.split.rows)

    def monitored(self, name: str) -> str:
        """The figure that is watched: on the validation split where there is one."""
        return f"{VALIDATION}{name}" if self.count("validation") else name


def backbone_values(facts: Facts) -> Hyperparameters:
    """The values with the backbone that the recipe has in any case, if it has one."""
    return facts.values.changed(NOW) if facts.recipe.recipe_id == VGG19_TRANSFER.recipe_id else facts.values


def facts_of(entry: RunEntry) -> Facts:
    """Collect what the script of a run depends on, and build its network; TensorFlow is loaded.

    Raises:
        SightlineError: The run has not got far enough, or does something that a script cannot repeat.
    """
    record, folder = entry.record, RunFolder(entry.folder)
    values = record.config.hyperparameters.changed(record.chosen)
    recipe = catalogue.get(record.config.recipe).suited(values)
    if not folder.split_file.exists():
        raise SightlineError(
            f"The run '{record.run_id}' ended before its pictures were split into training, validation and "
            "test, so there is no code that repeats it.",
            _further(entry),
        )
    if task_of(record.config.task, recipe.recipe_id).several:
        raise SightlineError(
            f"The run '{record.run_id}' learns several labels at once, for which no code is written.",
            "The files of the run have its pictures (split.csv), settings (run.json) and figures.",
        )
    _require_plain(record.config.answers.pixels)
    if "head" in recipe.uses and values.head == "automatic":
        raise SightlineError(
            f"The run '{record.run_id}' ended before it chose between a linear head and one with a hidden "
            "layer, so it is open which network it trains.",
            _further(entry),
        )
    split = read_split(folder.split_file)
    unbalanced = record.unbalanced or (not record.train and _out_of_balance(split))
    task = task_of(record.config.task, recipe.recipe_id, unbalanced=unbalanced)
    load_engine()
    import keras

    with dtype_policy(mixed=values.mixed_precision), seeded(values.seed):
        policy = keras.config.dtype_policy().name
        built = values.changed({"random_weights": True}) if "random_weights" in recipe.uses else values
        network = recipe.build(built, len(split.classes))
    return Facts(record, values, recipe, task, split, folder.split_file, network, policy)


def _further(entry: RunEntry) -> str:
    if entry.resumable:
        return f"Resume it: sightline train --resume {entry.record.run_id}"
    if entry.record.state == "running":
        return "Try again once it trains."
    return "Start a new run."


def _out_of_balance(split: Split) -> bool:
    labels = [row.label for row in split.rows if row.part == "train"]
    return out_of_balance(np.bincount(np.array(labels, np.int64), minlength=len(split.classes)))


def _require_plain(reading: PixelReading) -> None:
    """Refuse decisions on pixels that Pillow has no words for."""
    decided = []
    if reading.black is not None:
        decided.append("the numbers that become black and white")
    if reading.plane not in {None, "first"}:
        decided.append("which plane of a file is seen")
    if reading.bands is not None:
        decided.append("which bands become red, green and blue")
    if decided:
        raise SightlineError(
            f"The pictures of this run are read with a decision on {' and '.join(decided)}, which a script "
            "on Pillow cannot repeat.",
            "Save the pictures as 8-bit PNG files as they are seen, and train on these.",
        )
