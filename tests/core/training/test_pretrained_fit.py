"""A pretrained network is trained on the features of pictures and copies, and fine-tuned where that pays."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import EpochEnded, Preparing, Warned
from tests.core.training.tiny import figures, make_data, stores_in, tiny_config, weights
from tests.small_backbone import tiny_lite

__all__ = ["tiny_lite"]

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine", "tiny_lite")]


@pytest.fixture
def data(tmp_path):
    return make_data(tmp_path / "data")


def config(data, **changes):
    values = {"input_size": 32, "random_weights": True, "epochs": 2, "copies": 2, "head": "linear"}
    return tiny_config(data, recipe="pretrained", **(values | changes))


def train(folder, config, *, run_id=None, interrupt=0):
    """Train or resume; returns the result, the folder's stores and the events."""
    runs, library = stores_in(folder)
    control, events = TrainingControl(), []

    def watch(event):
        events.append(event)
        if isinstance(event, EpochEnded) and event.metrics.epoch == interrupt:
            control.interrupt()

    places = {"runs": runs, "library": library}
    if run_id is None:
        return fit.train(config, watch, control.token, **places), runs, library, events
    return fit.resume(run_id, watch, control.token, **places), runs, library, events


def test_features_of_copies_are_computed_with_those_of_the_pictures(data, tmp_path):
    result, _runs, library, events = train(tmp_path, config(data))
    assert result.status == "finished", result
    told = [event for event in events if isinstance(event, Preparing)]
    assert max(event.total for event in told if event.message == "Computing features") == 24 + 2 * 12
    card = load_classifier(result.model_id, library).card
    assert (card.input.height, card.input.width) == (32, 32)
    assert card.input.preprocessing == "efficientnet-lite"
    assert (card.input.fit, card.input.crop_share) == ("crop", 1.0)


@pytest.mark.parametrize("changes", [{}, {"fine_tune_epochs": 2, "epochs": 1}])
def test_an_interrupted_run_ends_as_an_uninterrupted_one(data, tmp_path, changes):
    whole, runs, library, _events = train(
        tmp_path / "whole", config(data, epochs=3) if not changes else config(data, **changes)
    )
    planned = config(data, epochs=3) if not changes else config(data, **changes)
    half, *_rest = train(tmp_path / "half", planned, interrupt=1)
    assert half.status == "interrupted"
    resumed, runs_again, library_again, _events = train(tmp_path / "half", None, run_id=half.run_id)
    assert resumed.status == whole.status == "finished"
    assert figures(runs_again.get(half.run_id).folder) == figures(runs.get(whole.run_id).folder)
    kept = weights(library_again, resumed.model_id)
    for name, values in weights(library, whole.model_id).items():
        np.testing.assert_array_equal(values, kept[name], err_msg=name)


@pytest.mark.parametrize(("below", "epochs"), [(0.0, 1), (1.0, 3)])
def test_fine_tuning_is_skipped_when_the_head_is_good_enough(data, tmp_path, below, epochs):
    planned = config(data, epochs=1, fine_tune_epochs=2, fine_tune_below=below)
    result, *_rest = train(tmp_path, planned)
    assert (result.status, result.epochs) == ("finished", epochs)
    assert ("it needed no fine-tuning" in result.reason.text) == (epochs == 1)
    assert "Done early" not in result.reason.text


def test_the_best_epoch_is_the_one_with_the_lowest_validation_loss(data, tmp_path):
    result, runs, *_rest = train(tmp_path, config(data, epochs=5))
    history = runs.get(result.run_id).history
    assert result.best_epoch == min(history, key=lambda metrics: metrics["val_loss"]).epoch


def test_five_pictures_of_a_class_are_trained_on_and_four_are_refused(tmp_path):
    enough = make_data(tmp_path / "enough", count=5)
    result, _runs, _library, events = train(tmp_path, config(enough))
    assert result.status == "finished", result
    assert any(
        "Only 5 pictures in the smallest class" in event.message
        for event in events
        if isinstance(event, Warned)
    )
    short = make_data(tmp_path / "short", count=4)
    result, *_rest = train(tmp_path, config(short))
    assert result.status == "failed"
    assert "class 0 needs 1 more picture (has 4)" in result.reason.text
