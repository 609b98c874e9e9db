"""A network is trained in the real window, with mouse and keys; no death of the process loses anything."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

pytestmark = [pytest.mark.display, pytest.mark.engine]

CLASSES = {"reds": (200, 40, 40), "blues": (40, 40, 200)}
SIDE = 32

# Answers to the question that comes with the end of the window; the keyboard is at the first.
GO_ON = ("space",)
STOP_AND_KEEP = ("Tab", "space")
RESUME_LATER = ("Tab", "Tab", "space")


def noisy(colour, seed):
    """A picture of one colour with noise."""
    noise = np.random.default_rng(seed).integers(-40, 56, (SIDE, SIDE, 3))
    return Image.fromarray((noise + colour).astype(np.uint8))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder with a folder of pictures for each class."""
    folder = tmp_path_factory.mktemp("data") / "colours"
    for name, colour in CLASSES.items():
        (folder / name).mkdir(parents=True)
        for number in range(24):
            noisy(colour, number).save(folder / name / f"{number}.png")
    return folder


@pytest.fixture(scope="module")
def unseen(tmp_path_factory):
    """By class, a picture that no training has seen."""
    folder = tmp_path_factory.mktemp("unseen")
    files = {name: folder / f"{number}.png" for number, name in enumerate(CLASSES)}
    for name, path in files.items():
        noisy(CLASSES[name], 1000).save(path)
    return files


def read_run(home):
    """The ``run.json`` of the only run; empty before there is one."""
    records = list((home / "runs").glob("*/run.json"))
    assert len(records) <= 1
    return json.loads(records[0].read_text()) if records else {}


def trained_models(home):
    """Ids of the models that trainings have made."""
    cards = [json.loads(path.read_text()) for path in (home / "models").glob("*/card.json")]
    return [card["id"] for card in cards if card["source"].startswith("Training run")]


def chosen_model(home):
    return json.loads((home / "settings.json").read_text())["model_id"]


def require_right_answers(desk, app, unseen):
    """Have the window classify with the only trained model, where that has been asked for."""
    [model_id] = trained_models(app.home)
    app.wait_until(lambda: chosen_model(app.home) == model_id, "the new model is chosen")
    for name, picture in unseen.items():
        desk.drag(urls=[picture.as_uri()])
        assert desk.label() == name
        desk.press("ctrl+shift+BackSpace")


def train_some_epochs(desk, app, data, *, epochs):
    """Start a training, and wait until it has finished some of its epochs."""
    desk.start_training(app, data, epochs=epochs)
    app.wait_until(lambda: read_run(app.home)["epochs_done"] >= 2, "two epochs")
    assert read_run(app.home)["state"] == "running"


def test_a_dropped_folder_becomes_a_model_that_answers(desk, make_home, data, unseen):
    app = desk.open(home=make_home())
    train_some_epochs(desk, app, data, epochs=1000)
    desk.press(*desk.TO_STOP)
    app.wait_for_log("A training has ended: stopped")
    run = read_run(app.home)
    assert run["state"] == "stopped"
    assert 2 <= run["epochs_done"] < 1000
    assert run["classes"] == ["blues", "reds"]
    desk.press("space")  # on the button that classifies with the model
    require_right_answers(desk, app, unseen)
    desk.press("ctrl+q")
    assert app.wait_for_end() == 0


def test_a_newcomer_trains_what_is_proposed_with_its_defaults(desk, make_home, data, unseen):
    app = desk.open(home=make_home())
    desk.start_proposed_training(app, data)
    app.wait_for_log("A training has ended: finished")
    run = read_run(app.home)
    assert run["config"]["recipe"] == "pretrained"
    assert run["metrics"]["test_accuracy"] == 1.0
    desk.press("space")  # on the button that classifies with the model
    require_right_answers(desk, app, unseen)
    desk.press("ctrl+q")
    assert app.wait_for_end() == 0


def resume(desk, app):
    """Resume the only run, from the list of runs."""
    desk.turn_to_pane(app, "ctrl+4", "Runs")
    app.wait_for_log("Training runs: 1, resumable: 1")
    desk.press(*desk.TO_RESUME)


def test_a_training_that_was_killed_is_resumed(desk, make_home, data, unseen):
    epochs = 15
    first = desk.open(home=make_home())
    train_some_epochs(desk, first, data, epochs=epochs)
    first.kill()
    killed = read_run(first.home)
    app = desk.open(home=first.home)
    resume(desk, app)
    app.wait_for_log("A training has ended: finished")
    run = read_run(app.home)
    assert (run["state"], run["epochs_done"]) == ("finished", epochs)
    assert run["run_id"] == killed["run_id"]
    [folder] = (app.home / "runs").iterdir()
    rows = (folder / "metrics.csv").read_text().splitlines()[1:]
    assert [int(row.split(",")[0]) for row in rows] == list(range(1, epochs + 1))
    desk.press("space")
    require_right_answers(desk, app, unseen)
    desk.press("ctrl+q")
    assert app.wait_for_end() == 0


def close_window(desk, app, *answer):
    """Close the window while a network is trained, and choose what to do with the training."""
    desk.press("ctrl+q")
    desk.turn_to(app, "Training in progress")
    desk.press(*answer)


def test_a_window_that_is_closed_loses_no_training(desk, make_home, data, unseen):
    app = desk.open(home=make_home())
    train_some_epochs(desk, app, data, epochs=1000)

    close_window(desk, app, *GO_ON)
    desk.wait_until_gone(app, "Training in progress")
    desk.turn_to(app, "Sightline")
    done = read_run(app.home)["epochs_done"]
    app.wait_until(lambda: read_run(app.home)["epochs_done"] > done, "another epoch")

    close_window(desk, app, *RESUME_LATER)
    assert app.wait_for_end() == 0
    interrupted = read_run(app.home)
    assert interrupted["state"] == "interrupted"
    assert trained_models(app.home) == []

    app = desk.open(home=app.home)
    resume(desk, app)
    done = interrupted["epochs_done"]
    app.wait_until(lambda: read_run(app.home)["epochs_done"] > done, "another epoch")
    close_window(desk, app, *STOP_AND_KEEP)
    assert app.wait_for_end() == 0
    assert read_run(app.home)["state"] == "stopped"

    app = desk.open(home=app.home)
    desk.turn_to_pane(app, "ctrl+4", "Runs")
    app.wait_for_log("Training runs: 1")
    desk.press(*desk.TO_CLASSIFY)
    require_right_answers(desk, app, unseen)
    desk.press("ctrl+q")
    assert app.wait_for_end() == 0
