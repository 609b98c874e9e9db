"""Data is examined and networks are tried as the lanes do it."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.training.outcome.estimate import EstimateRequest
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.workers.training.calls import estimate, examine


def test_data_is_examined_and_progress_told(tmp_path):
    for number, name in enumerate(["cats", "dogs"] * 6):
        (tmp_path / name).mkdir(exist_ok=True)
        pixels = np.random.default_rng(number).integers(0, 256, (12, 16, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / name / f"{number}.png")
    told = []
    report = examine(tmp_path, NEVER, on_progress=told.append)
    assert report.class_names == ("cats", "dogs")
    assert len(report.examples) == 12
    assert any(progress.done == progress.total == 12 for progress in told)


@pytest.mark.parametrize("timed", [True, False])
def test_what_a_timed_estimate_left_is_cleared_away(monkeypatch, timed):
    collected = []
    monkeypatch.setattr(
        "desktop_app.core.training.outcome.estimate.estimate", lambda request, *, timed: (request, timed)
    )
    monkeypatch.setattr(gc, "collect", lambda: collected.append(True))
    assert estimate(("request", timed)) == ("request", timed)
    assert collected == [True] * timed


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_parameters_are_counted():
    values = default_hyperparameters().changed({"input_size": 16})
    answer = estimate((EstimateRequest("cats-dogs-cnn", values, 2, 600), False))
    assert (answer.problem, answer.seconds_per_epoch) == (None, None)
    # 32 filters of 3x3x3, then 7x7x32 to 128, then one output; each with biases
    assert answer.parameters == (27 + 1) * 32 + (7 * 7 * 32 + 1) * 128 + 128 + 1
