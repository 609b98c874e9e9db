from __future__ import annotations

import pytest

from desktop_app.core.training.loop.pace import Pace


def run_steps(pace, began, seconds, count, first=1):
    for number in range(count):
        pace.step_ended(began + number * seconds, first + number)


def test_nothing_is_known_in_the_first_moments():
    pace = Pace(10)
    pace.begin()
    assert pace.seconds_per_step is None
    pace.step_ended(100.0, 1)
    assert pace.seconds_left(1, 3) is None


def test_the_time_left_counts_steps_and_whole_epochs():
    pace = Pace(10)
    pace.begin()
    run_steps(pace, 0.0, 0.5, 5)
    assert pace.seconds_per_step == pytest.approx(0.5)
    assert pace.seconds_left(5, 2) == pytest.approx(5 * 0.5 + 2 * 10 * 0.5)
    pace.validated(3.0)
    pace.epoch_ended(9.0)
    pace.begin()
    assert pace.seconds_left(0, 1) == pytest.approx(10 * 0.5 + 3.0 + 9.0), "the speed of the epoch before"


def test_the_speed_is_that_of_the_last_seconds():
    pace = Pace(1000)
    pace.begin()
    run_steps(pace, 0.0, 1.0, 20)
    run_steps(pace, 19.1, 0.1, 100, first=21)
    assert pace.seconds_per_step == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize(
    ("each", "gap", "slept"), [(0.5, 29.0, 0.0), (0.5, 3600.0, 3599.5), (60.0, 900.0, 0.0)]
)
def test_only_a_gap_far_longer_than_a_step_is_sleep(each, gap, slept):
    pace = Pace(10)
    assert pace.slept(3600.0) == 0, "nothing to compare it with"
    pace.begin()
    run_steps(pace, 0.0, each, 3)
    assert pace.slept(gap) == pytest.approx(slept)
