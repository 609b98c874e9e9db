from __future__ import annotations

import pytest

from desktop_app.core.batch.run.pace import WINDOW_SECONDS, Pace, Progress


def test_the_last_seconds_count():
    pace = Pace()
    assert pace.measure(0, now=0) == 0
    assert pace.measure(100, now=10) == pytest.approx(10)
    for second in range(11, 31):
        value = pace.measure(100 + (second - 10) * 50, now=second)
    assert value == pytest.approx(50)
    assert len(pace._points) <= WINDOW_SECONDS + 2


def test_a_pause_is_forgotten():
    pace = Pace()
    pace.measure(0, now=0)
    pace.measure(10, now=1)
    pace.restart()
    assert pace.measure(10, now=100) == 0
    assert pace.measure(20, now=101) == pytest.approx(10)


def test_progress_says_what_it_knows():
    progress = Progress(1000, 5, 2000, 2000, 12.34, 80.0)
    assert progress.sentence == "1,005 of 2,000, 5 couldn't be read, 12.3 pictures per second"
    assert Progress(0, 0, None, 7, 0, None, paused=True).sentence == "0 of 7 found so far, paused"
