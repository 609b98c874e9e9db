"""Measures ten epochs of ``vgg19-transfer``, beside ten epochs of the frozen network in plain ``fit``.

``python -m benchmarks transfer_speed [--full] [--data FOLDER]``: the same network with the same weights,
batches and optimizer on the same folder, by turns. All later epochs of the frozen network do the same work:
only two of its nine are run and stand for the others; ``--full`` runs all, on 400 pictures.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from benchmarks.frame import prepared
from benchmarks.frame.command import as_module
from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.pictures import class_folders
from benchmarks.frame.training import compiled, fit_plainly, image_dataset, train
from benchmarks.frame.turns import take_turns
from desktop_app.core.engine.loading import load_engine
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.settings.config import TrainingConfig

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.frame.plan import Plan

EPOCHS = 10


def measure(plan: Plan) -> list[Figure]:
    """Train both ways by turns."""
    prepared.vgg19()
    load_engine()
    count = plan.count(10, 30, 400)
    folder = class_folders(plan, count)
    recipe = catalogue.get("vgg19-transfer")
    values = recipe.defaults(count, 2).changed({"epochs": EPOCHS, "early_stopping": 0})
    config = TrainingConfig(data=folder, recipe=recipe.recipe_id, hyperparameters=values, test_split=0)
    run = plan.count(2, 3, EPOCHS)
    seconds = take_turns(
        {"sightline": lambda: train(config).total(EPOCHS), "fit": lambda: _plainly(config, folder, run)},
        plan.runs,
    )
    return [
        Figure(
            f"ten epochs of {recipe.recipe_id} on {count} pictures",
            "frozen base and head in plain `fit`",
            own=tuple(seconds["sightline"]),
            other=tuple(seconds["fit"]),
            goal=Goal(0.15),
            note=f"The plain fit ran {run} epochs; the later ones are alike.",
            digits=1,
        )
    ]


def _plainly(config: TrainingConfig, folder: Path, epochs: int) -> float:
    """Seconds of ten epochs, from reading the first file."""
    import keras
    import tensorflow as tf

    keras.backend.clear_session()
    gc.collect()
    model = compiled(config)
    splits = image_dataset(config, folder, "binary" if model.output_shape[-1] == 1 else "categorical")

    def ready(pictures: object, targets: object) -> object:
        return keras.applications.vgg19.preprocess_input(pictures), targets

    data, validation = (split.map(ready).prefetch(tf.data.AUTOTUNE) for split in splits)
    pictures = len(splits[0].file_paths)
    return fit_plainly(model, data, validation, pictures=pictures, epochs=epochs).total(EPOCHS)


if __name__ == "__main__":
    as_module("transfer_speed")
