from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from desktop_app.core.training.outcome import estimate as module
from desktop_app.core.training.outcome.estimate import EstimateRequest, estimate
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from tests.small_backbone import narrow

__all__ = ["narrow"]

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def request(recipe="two-block-cnn", classes=2, pictures=100, others=0, **changes):
    values = {"input_size": 8, "units": 8, "batch_size": 10}
    values = default_hyperparameters().changed(values | changes)
    return EstimateRequest(recipe, values, classes, pictures, others)


def transfer(**changes):
    return request("vgg19-transfer", **({"input_size": 32, "random_weights": True} | changes))


def test_parameters_and_time_are_those_of_the_network():
    answer = estimate(request())
    assert answer.parameters == 21_466
    assert answer.seconds_per_epoch > 0
    assert not answer.problem
    assert answer.request == request()


def test_the_time_grows_with_the_pictures(monkeypatch):
    monkeypatch.setattr(module, "_seconds_per_step", lambda _model, _size: 0.5)
    assert estimate(request(pictures=100)).seconds_per_epoch == 5.0
    assert estimate(request(pictures=101)).seconds_per_epoch == 5.5


def test_all_epochs_together_take_as_many_times_as_long(monkeypatch):
    monkeypatch.setattr(module, "_seconds_per_step", lambda _model, _size: 0.5)
    assert estimate(request(epochs=7)).seconds == 35.0
    assert estimate(request(), timed=False).seconds is None


@pytest.mark.usefixtures("narrow")
def test_the_features_of_all_pictures_come_on_top(monkeypatch):
    monkeypatch.setattr(module, "_seconds_per_step", lambda _model, _size: 0.5)
    monkeypatch.setattr(module, "_seconds_per_picture", lambda _backbone, _size: 0.25)
    answer = estimate(transfer(pictures=100, others=60, epochs=3))
    assert (answer.seconds_of_features, answer.seconds_per_epoch, answer.seconds) == (40.0, 5.0, 55.0)
    assert estimate(request(others=60)).seconds_of_features == 0


@pytest.mark.usefixtures("narrow")
def test_fine_tuning_is_tried_with_the_layers_that_learn_then(monkeypatch):
    tried = []

    def step(model, size):
        tried.append((model.name, size, len(model.trainable_variables)))
        return 0.5

    monkeypatch.setattr(module, "_seconds_per_step", step)
    answer = estimate(transfer(fine_tune_epochs=2))
    assert answer.seconds_of_fine_tuning == 0.5 / 4 * 100 * 2
    assert [(name, size) for name, size, _count in tried] == [("pretrained_head", 10), ("pretrained", 4)]
    assert tried[1][2] > tried[0][2]
    assert answer.seconds > answer.seconds_of_features + answer.seconds_of_fine_tuning


@pytest.mark.parametrize(("seconds", "sizes"), [(1.0, [1]), (0.2, [1, 2]), (0.0001, [1, 2, 4, 8, 10])])
def test_a_backbone_is_timed_in_batches_that_grow_until_they_take_long_enough(monkeypatch, seconds, sizes):
    import keras

    times = iter([time for size in sizes for time in (0.0, seconds * size)])
    monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: next(times)))
    backbone = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.GlobalAveragePooling2D()])
    assert module._seconds_per_picture(backbone, 10) == pytest.approx(seconds)
    assert next(times, None) is None


def test_without_pictures_one_is_tried_and_nothing_would_be_done():
    assert estimate(request(pictures=0)).seconds_per_epoch == 0


def test_without_timing_only_the_parameters_are_counted():
    answer = estimate(request(classes=7), timed=False)
    assert answer.parameters > 0
    assert answer.seconds_per_epoch is None


@pytest.mark.parametrize("recipe", ["magic", "two-block-cnn"])
def test_what_cannot_be_built_has_a_problem(recipe):
    answer = estimate(request(recipe, input_size=512))
    assert answer.problem.text.endswith(".")
    assert answer.parameters == 0
    assert not answer.needs_download


def test_missing_weights_ask_for_the_download():
    answer = estimate(request("vgg19-transfer", input_size=32))
    assert answer.needs_download
    assert answer.problem
    assert answer.problem.advice


def test_too_little_memory_is_a_problem(monkeypatch):
    def fail(_model, _size):
        raise MemoryError

    monkeypatch.setattr(module, "_seconds_per_step", fail)
    assert "not enough memory" in estimate(request()).problem.text
    assert "for batches of" in estimate(request()).problem.text


def test_too_little_memory_for_the_network_itself_is_no_matter_of_batches(monkeypatch):
    def fail(_values, _classes, _output):
        raise MemoryError

    recipe = replace(catalogue.get("two-block-cnn"), build=fail)
    monkeypatch.setattr(catalogue, "get", lambda _recipe_id: recipe)
    problem = estimate(request()).problem
    assert problem.text == "There is not enough memory for this network, whatever the batch size."
    assert "batch" not in problem.advice
