"""Data sets, networks and runs that are small enough to be trained within a test."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from desktop_app.core.library.store import Library
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.settings.config import TrainingConfig
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters

RECIPE = "two-block-cnn"
SIDE = 8


def make_data(folder, *, classes=2, count=12, side=(SIDE, SIDE)):
    """Write noisy pictures of one colour each, a folder for each class; sides are width and height."""
    random = np.random.default_rng(0)
    for label in range(classes):
        place = folder / f"class {label}"
        place.mkdir(parents=True)
        colour = np.array([(label >> bit & 1) * 120 for bit in range(3)])
        for number in range(count):
            noise = random.integers(0, 136, (*side[::-1], 3))
            Image.fromarray((noise + colour).astype(np.uint8)).save(place / f"{number}.png")
    return folder


def tiny_config(data, **changes):
    """A run with dropout, augmentation and a schedule, over in a second once TensorFlow is loaded."""
    own = {key: changes.pop(key) for key in ("name", "tensorboard", "recipe", "answers") if key in changes}
    parts = {key: changes.pop(key) for key in ("validation_split", "test_split") if key in changes}
    values = {
        "input_size": SIDE,
        "batch_size": 4,
        "epochs": 2,
        "units": 8,
        "dropout": 0.3,
        "flip": True,
        "rotation": 10.0,
        "schedule": "one-cycle",
        "learning_rate": 0.01,
    }
    return TrainingConfig(
        data=data,
        hyperparameters=default_hyperparameters().changed(values | changes),
        **({"recipe": RECIPE} | own | {"validation_split": 0.25, "test_split": 0.25} | parts),
    )


def stores_in(folder):
    """Runs and library below a folder."""
    folder = Path(folder)
    runs = RunStore(folder / "runs", folder / "trash-runs", folder / "scratch")
    return runs, Library(folder / "shipped", folder / "models", folder / "trash", folder / "downloads")


def figures(run_folder):
    """The rows of ``metrics.csv`` without the seconds, which differ from run to run."""
    with (run_folder / "metrics.csv").open(newline="") as file:
        return [
            {name: value for name, value in row.items() if name != "seconds"} for row in csv.DictReader(file)
        ]


def weights(library, model_id):
    """All weights of a model of the library, by name."""
    import h5py

    path = library.get(model_id).weights
    found = {}

    def take(name, item):
        if isinstance(item, h5py.Dataset):
            found[name] = item[()]

    with (
        zipfile.ZipFile(path) as archive,
        archive.open("model.weights.h5") as member,
        h5py.File(member, "r") as file,
    ):
        file.visititems(take)
    return found
