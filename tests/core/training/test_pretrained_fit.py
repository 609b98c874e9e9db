"""A pretrained network is trained on the features of pictures and copies, and fine-tuned where that pays."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.training import fit
from desktop_app.core.training.loop import refit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.loop.quick_head import QuickHead
from desktop_app.core.training.records.events import EpochEnded, Preparing, Started, Warned
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


REFIT = {"optimizer": "adam", "schedule": "cosine", "fine_tune_epochs": 0}


def test_the_head_is_fitted_again_with_the_validation_pictures(data, tmp_path, monkeypatch):
    fitted = []
    learn = QuickHead.fit

    def note(head, views, labels, **options):
        learn(head, views, labels, **options)
        fitted.append((len(labels), options["epochs"], options["until"], head.weights))

    monkeypatch.setattr(QuickHead, "fit", note)
    result, _runs, library, events = train(tmp_path / "again", config(data, epochs=3, **REFIT))
    (started,) = [event for event in events if isinstance(event, Started)]
    ((count, epochs, until, found),) = fitted
    assert count == started.train + started.validation
    assert (epochs, until) == (3, result.best_epoch)
    kept = weights(library, result.model_id)
    assert all(any(np.array_equal(array, values) for values in kept.values()) for array in found)
    assert "it then learned from the validation pictures, too" in result.reason.text


@pytest.mark.parametrize(
    "changes",
    [{"class_weights": True}, {"label_smoothing": 0.1}, {"schedule": "constant"}, {"optimizer": "sgd"}],
)
def test_a_head_that_was_trained_in_another_way_is_not_fitted_again(data, tmp_path, monkeypatch, changes):
    monkeypatch.setattr(QuickHead, "fit", pytest.fail)
    result, *_rest = train(tmp_path, config(data, **(REFIT | changes)))
    assert result.status == "finished", result
    assert "validation pictures too" not in result.reason.text


def test_without_memory_to_fit_the_head_again_it_stays_as_it_was(data, tmp_path, monkeypatch):
    kept = []
    for name, fails in (("short", True), ("never", False)):
        if fails:
            monkeypatch.setattr(QuickHead, "fit", lambda *_given, **_options: _raise(MemoryError()))
        else:
            monkeypatch.setattr(fit, "pays", lambda *_given: False)
        result, _runs, library, events = train(tmp_path / name, config(data, **REFIT))
        assert result.status == "finished", result
        assert "validation pictures too" not in result.reason.text
        told = [event.message for event in events if isinstance(event, Warned)]
        assert any("not enough memory to fit the head" in message for message in told) is fails
        kept.append(weights(library, result.model_id))
    short, never = kept
    assert all(np.array_equal(short[key], never[key]) for key in never)


def _raise(error):
    raise error


def test_validation_figures_are_those_of_the_head_before_it_was_fitted_again(data, tmp_path, monkeypatch):
    accuracies = []
    for name, pays in (("again", refit.pays), ("once", lambda *_given: False)):
        monkeypatch.setattr(fit, "pays", pays)
        planned = config(data, **REFIT).model_copy(update={"test_split": 0.0})
        result, runs, *_rest = train(tmp_path / name, planned)
        assert result.evaluation.part == "validation"
        accuracies.append(runs.get(result.run_id).record.metrics)
    again, once = ({k: v for k, v in figures.items() if k.startswith("val_")} for figures in accuracies)
    assert again == once
    assert again


def test_a_run_resumed_before_its_head_was_fitted_again_ends_as_an_uninterrupted_one(data, tmp_path):
    planned = config(data, epochs=2, **REFIT)
    whole, _runs, library, _events = train(tmp_path / "whole", planned)
    half, *_rest = train(tmp_path / "half", planned, interrupt=2)
    assert half.status == "interrupted"
    resumed, _runs, library_again, _events = train(tmp_path / "half", None, run_id=half.run_id)
    assert resumed.reason.text == whole.reason.text
    kept = weights(library_again, resumed.model_id)
    for name, values in weights(library, whole.model_id).items():
        np.testing.assert_array_equal(values, kept[name], err_msg=name)


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
