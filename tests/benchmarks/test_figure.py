"""Ratios, spreads and goals of figures, and their way into a file and back."""

from __future__ import annotations

import json

import pytest

from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.gaps import gap_figures


def test_the_ratio_is_that_of_the_medians():
    figure = Figure("a", "b", own=(1.0, 9.0, 2.0), other=(4.0, 5.0, 4.0))
    assert figure.ratio == 0.5
    assert figure.ratio_spread == (0.25, 1.8)


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal(0.5), True),
        (Goal(0.49), False),
        (Goal(0.5, at_least=True), True),
        (Goal(0.51, at_least=True), False),
    ],
)
def test_a_goal_bounds_the_ratio(goal, met):
    assert Figure("a", "b", own=(1.0,), other=(2.0,), goal=goal).met is met


def test_without_another_side_a_goal_bounds_the_figure_itself():
    assert Figure("gap", unit="ms", own=(40.0, 60.0, 45.0), goal=Goal(50)).met is True
    assert Figure("gap", unit="ms", own=(40.0, 60.0, 55.0), goal=Goal(50)).met is False


def test_what_was_not_measured_neither_meets_nor_misses_its_goal():
    figure = Figure("a", "b", goal=Goal(1.0), missing="b is not installed.")
    assert figure.met is None
    assert figure.ratio is None


def test_a_figure_whose_other_side_is_missing_does_not_pass_for_a_ratio():
    figure = Figure("a", "b", own=(0.1,), goal=Goal(1.0), missing="b is not installed.")
    assert figure.value is None
    assert figure.met is None


def test_a_figure_survives_its_record():
    figure = Figure("a", "b", "ms", (1.0, 2.0), (3.0, 4.0), Goal(2.0, at_least=True), "why", digits=0)
    record = json.loads(json.dumps(figure.as_record()))
    assert record["median"] == 1.5
    assert record["met"] is False
    assert Figure.from_record(record) == figure


def test_a_percentile_is_taken_of_all_runs_together():
    runs = [[5.0] * 999 + [60.0], [5.0] * 1999 + [40.0]]
    longest, percentile = gap_figures("at work", runs)
    assert longest.own == (60.0, 40.0)
    assert longest.met is True
    assert percentile.own == (5.0,)
    assert [each.goal.limit for each in gap_figures("at work", runs, cold=True)] == [100]
