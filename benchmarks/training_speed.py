"""Measures how many pictures a second a training takes in, beside the two ways that Keras's guides show.

``python -m benchmarks training_speed [--data FOLDER]``: the network of ``cats-dogs-cnn`` on a folder of JPEG
files, with flips, shears and zooms, a validation after each epoch, and as many pictures, the same batches and
optimiser, by turns: Sightline; ``ImageDataGenerator.flow_from_directory``, as in the tutorial; and
``image_dataset_from_directory`` with random layers. The latter two read the files again in each epoch, and
take Keras's own step of the same optimizer. They run in Sightline's process, so oneDNN, which Sightline
switches on where the processor has AVX2, serves them as well.
"""

from __future__ import annotations

import contextlib
import gc
import io
from typing import TYPE_CHECKING

from benchmarks.frame import peers, prepared
from benchmarks.frame.command import as_module
from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.pictures import class_folders
from benchmarks.frame.training import Pace, compiled, fit_plainly, image_dataset, train
from benchmarks.frame.turns import take_turns
from desktop_app.core.engine.loading import load_engine
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.settings.config import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.frame.plan import Plan

EPOCHS = 3
FLOW, DATASET = "`flow_from_directory` + `fit`", "`image_dataset_from_directory` + `fit`"


def measure(plan: Plan) -> list[Figure]:
    """Train in all three ways by turns."""
    prepared.scipy()  # with which Keras shears and zooms
    load_engine()
    count = plan.count(80, 1600, 8000)
    folder = class_folders(plan, count)
    recipe = catalogue.get("cats-dogs-cnn")
    values = recipe.defaults(count, 2).changed({"epochs": EPOCHS, "early_stopping": 0})
    config = TrainingConfig(data=folder, recipe=recipe.recipe_id, hyperparameters=values, test_split=0)
    ways: dict[str, Callable[[], Pace]] = {
        "sightline": lambda: train(config),
        DATASET: lambda: _from_dataset(config, folder),
    }
    missing = peers.missing("scipy")
    if not missing:
        ways[FLOW] = lambda: _from_flow(config, folder)
    paces = take_turns({name: _tidily(way) for name, way in ways.items()}, plan.runs)
    figures = []
    for which, limit in (("first", 1.0), ("later", 2.0)):
        rates = {
            name: tuple(pace.first_rate if which == "first" else pace.later_rate for pace in found)
            for name, found in paces.items()
        }
        best = max(
            (name for name in rates if name != "sightline"),
            key=lambda name: sorted(rates[name])[plan.runs // 2],
        )
        epochs = "first epoch" if which == "first" else "later epochs"
        what = f"training pictures per second, {recipe.recipe_id}, {epochs}"
        figures += [
            Figure(
                what,
                name,
                "pictures/s",
                rates["sightline"],
                rates.get(name, ()),
                Goal(limit, at_least=True) if name == best else None,
                missing="" if name in rates else missing,
                digits=0,
            )
            for name in (FLOW, DATASET)
        ]
    return figures


def _tidily(way: Callable[[], Pace]) -> Callable[[], Pace]:
    """Let Keras forget the network of the time before, as a new process would."""

    def run() -> Pace:
        import keras

        keras.backend.clear_session()
        gc.collect()
        return way()

    return run


def _from_flow(config: TrainingConfig, folder: Path) -> Pace:
    """The tutorial's way."""
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    values = config.hyperparameters
    size = (values.input_size, values.input_size)
    changing = ImageDataGenerator(
        rescale=1 / 255, shear_range=values.shear, zoom_range=values.zoom, horizontal_flip=True,
        validation_split=config.validation_split,
    )  # fmt: skip
    plain = ImageDataGenerator(rescale=1 / 255, validation_split=config.validation_split)
    words = {"target_size": size, "batch_size": values.batch_size, "class_mode": "binary", "seed": 1}
    with contextlib.redirect_stdout(io.StringIO()):  # it counts the files aloud
        data = changing.flow_from_directory(str(folder), subset="training", **words)
        validation = plain.flow_from_directory(str(folder), subset="validation", **words)
    return fit_plainly(
        compiled(config), data, validation, pictures=data.samples, epochs=config.hyperparameters.epochs
    )


def _from_dataset(config: TrainingConfig, folder: Path) -> Pace:
    """The way of Keras's newer guides."""
    import keras
    import tensorflow as tf

    values = config.hyperparameters
    layers = keras.layers
    splits = image_dataset(config, folder, "binary")
    change = keras.Sequential(
        [
            layers.Rescaling(1 / 255),
            layers.RandomFlip("horizontal"),
            layers.RandomShear(values.shear, values.shear),
            layers.RandomZoom(values.zoom),
        ]
    )
    data = splits[0].map(lambda x, y: (change(x, training=True), y), num_parallel_calls=tf.data.AUTOTUNE)
    validation = splits[1].map(lambda x, y: (x / 255, y))
    pictures = len(splits[0].file_paths)
    return fit_plainly(
        compiled(config), data.prefetch(tf.data.AUTOTUNE), validation, pictures=pictures, epochs=values.epochs
    )


if __name__ == "__main__":
    as_module("training_speed")
