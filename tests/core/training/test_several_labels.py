"""Trainings of networks that give several labels at once: from a table to a model that answers."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.datasets.answers import NO_ANSWERS
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.events import EpochEnded, Started
from desktop_app.core.training.task.multi_label_evaluation import MultiLabelEvaluation
from tests.core.training.recipes.test_recipes import narrow_vgg19, small
from tests.core.training.several import ALL, NAMES, make_labelled
from tests.core.training.tiny import figures, make_data, stores_in, tiny_config, weights
from tests.core.training.watched import Run
from tests.small_backbone import tiny_lite

__all__ = ["narrow_vgg19", "tiny_lite"]

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return make_labelled(tmp_path_factory.mktemp("labelled") / "data")


def config(data, **changes):
    values = {
        "epochs": 14,
        "learning_rate": 0.02,
        "dropout": 0.0,
        "rotation": 0.0,
        "answers": ALL,
        "recipe": "mlp",
    }
    made = tiny_config(data, **(values | changes))
    return made.model_copy(update={"task": "multi-label"})


@pytest.fixture(scope="module")
def finished(data, tmp_path_factory, engine):
    return Run(tmp_path_factory.mktemp("finished"), config(data))


def test_a_model_learns_several_labels(finished, data):
    result = finished.result
    assert result.status == "finished", result
    evaluation = result.evaluation
    assert isinstance(evaluation, MultiLabelEvaluation)
    assert evaluation.part == "test"
    assert [score.name for score in evaluation.labels] == list(NAMES)
    assert evaluation.metrics["mean_ap"] > 0.9
    assert "mean average precision" in result.reason.text.lower()
    [started] = finished.of(Started)
    assert (started.task, started.classes) == ("multi-label", NAMES)
    assert started.train + started.validation + started.test == 48


def test_the_model_answers_with_labels_of_their_own(finished, data):
    classifier = load_classifier(finished.result.model_id, finished.library)
    card = classifier.card
    assert card.task == "multi-label"
    assert len(card.thresholds) == 3
    assert card.metrics["pictures"] == finished.result.evaluation.pictures
    assert "pictures of 3 labels from" in card.data
    with (data / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    pictures = []
    for row in rows:
        with Image.open(data / row["file"]) as picture:
            pictures.append(np.asarray(picture))
    answers = [
        {entry.label: entry.probability for entry in answer.labels} for answer in classifier.predict(pictures)
    ]
    truth = np.array([[name in row["labels"].split("|") for name in NAMES] for row in rows])
    given = np.array([[answer[name] for name in NAMES] for answer in answers])
    assert given[truth].mean() > given[~truth].mean() + 0.3
    assert np.ptp(given.sum(axis=1)) > 0.5  # of classes they would sum to 1


def test_the_run_keeps_figures_of_each_label(finished):
    entry = finished.entry
    assert entry.task.kind == "multi-label"
    assert entry.tested == finished.result.evaluation.metrics["mean_ap"]
    assert entry.validated is not None
    with (entry.folder / "labels.csv").open(newline="") as file:
        assert [row["label"] for row in csv.DictReader(file)] == list(NAMES)
    columns = figures(entry.folder)[0]
    assert set(columns) == {"epoch", "learning_rate", "loss", "mean_ap", "val_loss", "val_mean_ap"}


def test_an_interrupted_run_ends_as_the_uninterrupted_one(finished, data, tmp_path):
    runs, library = stores_in(tmp_path)
    control = TrainingControl()

    def interrupt(event):
        if isinstance(event, EpochEnded) and event.metrics.epoch == 2:
            control.interrupt()

    result = fit.train(config(data), interrupt, control.token, runs=runs, library=library)
    assert result.status == "interrupted"
    resumed = fit.resume(
        result.run_id, lambda _event: None, TrainingControl().token, runs=runs, library=library
    )
    assert resumed.status == "finished", resumed
    expected = weights(finished.library, finished.result.model_id)
    found = weights(library, resumed.model_id)
    assert all(np.array_equal(found[name], value) for name, value in expected.items())
    assert resumed.evaluation.labels == finished.result.evaluation.labels


def test_weighted_labels_learn_too(data, tmp_path):
    run = Run(tmp_path, config(data, class_weights=True, epochs=2))
    assert run.result.status == "finished", run.result
    plain = Run(tmp_path / "plain", config(data, epochs=2))
    losses = [entry.of(EpochEnded)[0].metrics["loss"] for entry in (run, plain)]
    assert losses[0] != pytest.approx(losses[1])


@pytest.mark.usefixtures("tiny_lite")
def test_a_pretrained_network_chooses_a_head_and_learns_again(data, tmp_path):
    values = {
        "recipe": "pretrained",
        "input_size": 32,
        "random_weights": True,
        "copies": 1,
        "optimizer": "adam",
    }
    run = Run(tmp_path, config(data, schedule="cosine", head="automatic", **values, validation_split=0.45))
    assert run.result.status == "finished", run.result
    assert run.entry.record.choice.endswith("validation pictures")
    assert "it then learned from the validation pictures, too" in run.result.reason.text
    assert isinstance(run.result.evaluation, MultiLabelEvaluation)


@pytest.mark.parametrize("recipe", catalogue.RECIPES, ids=lambda recipe: recipe.recipe_id)
def test_every_recipe_ends_in_a_sigmoid_for_each_label(recipe, narrow_vgg19):
    from desktop_app.core.networks.outputs import output_kind

    network = recipe.build(small(recipe, 2), 2, "sigmoid")
    assert network.full.output_shape == (None, 2)
    assert output_kind(network.full) == "sigmoid"


def test_a_task_that_does_not_fit_the_data_is_refused(data, tmp_path):
    wrong = tiny_config(data, answers=ALL, recipe="mlp")
    run = Run(tmp_path, wrong)
    assert run.result.status == "failed"
    assert "one class for each picture, but the data give several" in run.result.reason.text
    folders = make_data(tmp_path / "folders")
    other = Run(tmp_path / "other", config(folders, answers=NO_ANSWERS))
    assert "several labels at once, but the data give each picture one" in other.result.reason.text
