from __future__ import annotations

import pytest

from desktop_app.core.training import estimate as module
from desktop_app.core.training.estimate import EstimateRequest, estimate
from desktop_app.core.training.hyperparameters import default_hyperparameters

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def request(recipe="two-block-cnn", classes=2, pictures=100, **changes):
    values = {"input_size": 8, "units": 8, "batch_size": 10}
    return EstimateRequest(recipe, default_hyperparameters().changed(values | changes), classes, pictures)


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


def test_without_pictures_one_is_tried_and_nothing_would_be_done():
    assert estimate(request(pictures=0)).seconds_per_epoch == 0


def test_without_timing_only_the_parameters_are_counted():
    answer = estimate(request(classes=7), timed=False)
    assert answer.parameters > 0
    assert answer.seconds_per_epoch is None


@pytest.mark.parametrize("recipe", ["magic", "two-block-cnn"])
def test_what_cannot_be_built_has_a_problem(recipe):
    answer = estimate(request(recipe, input_size=512))
    assert answer.problem.endswith(".")
    assert answer.parameters == 0
    assert not answer.needs_download


def test_missing_weights_ask_for_the_download():
    answer = estimate(request("vgg19-transfer", input_size=32))
    assert answer.needs_download
    assert answer.problem
    assert answer.advice


def test_too_little_memory_is_a_problem(monkeypatch):
    def fail(_model, _size):
        raise MemoryError

    monkeypatch.setattr(module, "_seconds_per_step", fail)
    assert "not enough memory" in estimate(request()).problem
