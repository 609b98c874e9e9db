"""Progress in words, and not too often."""

from __future__ import annotations

import pytest

from desktop_app.core.library.download.transfer import Transfer, TransferMeter


@pytest.mark.parametrize(
    ("transfer", "sentence"),
    [
        (Transfer(12_345_678, 574_710_816, 4.1e6, 137.0), "12.3 of 575 MB, 4.1 MB/s, 2 min left"),
        (Transfer(0, 574_710_816), "0.0 of 575 MB"),
        (Transfer(500, 999, 10, 49.9), "500 of 999 bytes, 10 bytes/s, 50 s left"),
        (Transfer(1_500_000, None, 2e6), "1.5 MB, 2.0 MB/s"),
        (Transfer(1, 2 * 10**9, 1e5, 20_000), "0.0 of 2.0 GB, 100 kB/s, 5 h 33 min left"),
        (Transfer(999, 1000, 1e6, 0.0), "1.0 of 1.0 kB, 1.0 MB/s, 1 s left"),
    ],
)
def test_sentences(transfer, sentence):
    assert transfer.sentence == sentence


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_reports_are_thinned_but_the_last_comes():
    clock, reports = Clock(), []
    meter = TransferMeter(reports.append, 1000, clock=clock)
    for done in range(1, 1001):
        clock.now += 0.001
        meter.update(done)
    assert reports[0] == Transfer(0, 1000)
    assert reports[-1].done == 1000
    assert 15 <= len(reports) <= 23


def test_speed_is_that_of_the_last_seconds():
    clock, reports = Clock(), []
    meter = TransferMeter(reports.append, 10_000_000, done=1_000_000, clock=clock)
    for _ in range(10):
        clock.now += 1
        meter.update(1_000_000)  # a stall
    assert reports[-1].bytes_per_second == 0
    assert reports[-1].seconds_left is None
    for second in range(1, 11):
        clock.now += 1
        meter.update(1_000_000 + second * 200_000)
    assert reports[-1].bytes_per_second == pytest.approx(200_000)
    assert reports[-1].seconds_left == pytest.approx(35)
