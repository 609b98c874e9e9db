"""The step of the self-test that trains, keeps, loads again and compares."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation.ahead import InPlace
from desktop_app.core.foundation.text import counted
from desktop_app.core.health.checks import CheckFailed
from desktop_app.core.health.small_folder import SUBSETS, write_small_folder
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.store import Library
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.events import Started
from desktop_app.core.training.settings.config import TrainingConfig
from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation, evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.foundation.ahead import MakeExecutor
    from desktop_app.core.training.records.events import TrainingEvent

STEPS = 2
"""Batches to train on."""
_RECIPE = "two-block-cnn"
_TOLERANCE = 1e-4
"""Largest difference of a probability: batches of another size are added up in another order."""


def train_and_reload(
    folder: Path, pictures: Mapping[Path, NDArray[np.uint8]], make_executor: MakeExecutor = InPlace
) -> str:
    """Train two steps on cuttings of some pictures, keep the model, load it and compare its predictions.

    Args:
        folder: Folder for the cuttings. Run and model go into the current home folder.
        pictures: RGB ``(H, W, 3)`` by file; each shows another class.
        make_executor: Makes the threads that read the cuttings.

    Returns:
        What was done, as a sentence.

    Raises:
        SightlineError: Something failed, or the loaded model predicts differently than the trained one.
    """
    write_small_folder(folder, pictures)
    batch_size = len(pictures) * SUBSETS["train"] // STEPS
    started, evaluation, model_id = _train(folder, batch_size, make_executor)
    compare(evaluation, _evaluate_again(load_classifier(model_id, Library.default()), folder / "test"))
    done = f"{counted(started.steps * started.epochs, 'step')} on {counted(started.train, 'picture')}"
    return f"{done}; saved and loaded again, the model predicts the same for {evaluation.pictures} others."


def compare(trained: ClassificationEvaluation, loaded: ClassificationEvaluation) -> None:
    """Make sure that two evaluations on the same pictures are the same.

    Raises:
        CheckFailed: They are not.
    """
    first, second = ({mistake.path: mistake for mistake in each.mistakes} for each in (trained, loaded))
    same = trained.confusion == loaded.confusion and first.keys() == second.keys()
    for path in first if same else ():
        same &= first[path].answer == second[path].answer
        same &= math.isclose(first[path].probability, second[path].probability, abs_tol=_TOLERANCE)
    if not same:
        raise CheckFailed(
            "A trained model predicts differently once it is saved and loaded again.", "Please report this."
        )


def _train(
    folder: Path, batch_size: int, make_executor: MakeExecutor
) -> tuple[Started, ClassificationEvaluation, str]:
    """Train; returns the first event, the evaluation and the model's id."""
    changes = {"epochs": 1, "batch_size": batch_size, "input_size": 16, "units": 8, "seed": 1}
    values = catalogue.get(_RECIPE).defaults().changed(changes)
    config = TrainingConfig(data=folder, recipe=_RECIPE, hyperparameters=values, name="Self-test")
    begun: list[Started] = []

    def note(event: TrainingEvent) -> None:
        if isinstance(event, Started):
            begun.append(event)

    result = fit.train(config, note, TrainingControl().token, make_executor=make_executor)
    evaluation = result.evaluation
    if not begun or not isinstance(evaluation, ClassificationEvaluation) or result.model_id is None:
        raise CheckFailed(result.reason.text, result.reason.advice)
    return begun[0], evaluation, result.model_id


def _evaluate_again(classifier: Classifier, folder: Path) -> ClassificationEvaluation:
    paths = list(find_pictures(folder))
    classes = [entry.label for entry in classifier.card.classes]
    prepared = [classifier.prepare(load_source(FileSource(path))) for path in paths]
    # Without the card's temperature, which was found only after the training had evaluated.
    predicted = classifier.probabilities(classifier.outputs(prepared), temperature=1.0)
    labels = np.array([classes.index(path.parent.name) for path in paths], np.int64)
    return evaluate([predicted], labels, part="test", classes=classes, paths=paths)
