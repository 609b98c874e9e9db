from __future__ import annotations

import pytest

from desktop_app.core.training.loop.schedules import learning_rate

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("cosine", {0: 2.0, 50: 1.0, 100: 0.0, 150: 0.0}),
        ("exponential", {0: 2.0, 50: 0.2, 100: 0.02, 150: 0.02}),
        ("one-cycle", {0: 0.0, 10: 1.0, 20: 2.0, 60: 1.0, 100: 0.0, 150: 0.0}),
    ],
)
def test_rates_follow_the_curve(schedule, expected):
    rate = learning_rate(schedule, 2.0, 100)
    assert {step: float(rate(step)) for step in expected} == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("schedule", ["constant", "plateau"])
def test_what_does_not_change_by_itself_is_a_number(schedule):
    assert learning_rate(schedule, 0.5, 100) == 0.5
