from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.training.outcome.estimate import Estimate, EstimateRequest
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.workers.training.estimates import EstimateJob, EstimateWorker

REQUEST = EstimateRequest("mlp", default_hyperparameters(), 2, 600)


@pytest.fixture
def worker(qapp):
    worker = EstimateWorker()
    worker.told = []
    worker.estimated.connect(worker.told.append)
    worker.ended.connect(lambda: worker.told.append("ended"))
    return worker


@pytest.mark.parametrize("timed", [True, False])
def test_an_estimate_is_told_and_then_its_end(worker, monkeypatch, timed):
    def estimate(request, *, timed):
        return Estimate(request, 1000, 2.5 if timed else None)

    monkeypatch.setattr("desktop_app.core.training.outcome.estimate.estimate", estimate)
    worker.estimate(EstimateJob(REQUEST, timed))
    assert worker.told == [Estimate(REQUEST, 1000, 2.5 if timed else None), "ended"]


def test_a_defect_is_a_problem_of_the_estimate_and_is_seen(worker, monkeypatch):
    def fail(request, *, timed):
        raise RuntimeError("a defect")

    monkeypatch.setattr("desktop_app.core.training.outcome.estimate.estimate", fail)
    with pytest.raises(RuntimeError, match="a defect"):
        worker.estimate(EstimateJob(REQUEST, timed=True))
    problem = Reason("The network could not be tried: a defect.")
    assert worker.told == [Estimate(REQUEST, 0, None, problem), "ended"]


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_parameters_are_counted(worker):
    values = default_hyperparameters().changed({"input_size": 16})
    worker.estimate(EstimateJob(EstimateRequest("cats-dogs-cnn", values, 2, 600), timed=False))
    estimate, ended = worker.told
    assert (estimate.problem, estimate.seconds_per_epoch, ended) == (None, None, "ended")
    # 32 filters of 3x3x3, then 7x7x32 to 128, then one output; each with biases
    assert estimate.parameters == (27 + 1) * 32 + (7 * 7 * 32 + 1) * 128 + 128 + 1
