from __future__ import annotations

from desktop_app.core.foundation.report_rate import ReportRate


def test_reports_are_due_twenty_times_a_second_and_at_the_end():
    now = [0.0]
    rate = ReportRate(lambda: now[0])
    told = []
    for moment in range(101):
        now[0] = moment / 100
        if rate.due(last=moment == 99):
            told.append(moment)
    assert told[:3] == [0, 5, 10]
    assert 19 <= len(told) <= 22
    assert 99 in told
