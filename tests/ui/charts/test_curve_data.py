import csv

import numpy as np
import pytest

from desktop_app.core.training.task.classification import CLASSIFICATION
from desktop_app.ui.charts.curve_data import GrowingArray, Series, Smoother, csv_text
from tests.core.training.epochs import epoch


def series(count, seed=0):
    made = Series()
    made.extend(np.arange(1, count + 1) / 100, np.random.default_rng(seed).normal(size=count))
    return made


def slowly(values, weight):
    state, result = 0.0, []
    for seen, value in enumerate(values, start=1):
        state = weight * state + (1 - weight) * value
        result.append(state / (1 - weight**seen))
    return result


def test_an_array_keeps_what_it_is_given_while_it_grows():
    array = GrowingArray()
    for start in range(0, 5000, 7):
        array.extend(np.arange(start, start + 7, dtype=float))
    assert array.values.tolist() == list(range(len(array)))
    assert len(array) >= 5000


def test_only_points_to_the_right_are_taken():
    made = Series()
    assert made.extend([1, 3, 2, 3, 4], [10, 30, 20, 31, 40]) == 3
    assert made.extend([4, 5], [0, 50]) == 1
    assert made.x.tolist() == [1, 3, 4, 5]
    assert made.y.tolist() == [10, 30, 40, 50]


def test_few_points_are_shown_as_they_are():
    made = series(50)
    xs, ys = made.window(0, 10, 400)
    assert np.array_equal(xs, made.x)
    assert np.array_equal(ys, made.y)


@pytest.mark.parametrize("count", [10_000, 99_999, 300_003])
@pytest.mark.parametrize("part", [(0.0, 1.0), (0.3, 0.7), (0.95, 1.0)])
def test_many_points_become_few_and_no_peak_is_lost(count, part):
    made = series(count)
    start, end = part[0] * count / 100, part[1] * count / 100
    xs, ys = made.window(start, end, 500)
    inside = (made.x >= start) & (made.x <= end)
    assert len(xs) <= 2 * 500 + 3
    assert ys.min() <= made.y[inside].min()
    assert ys.max() >= made.y[inside].max()
    assert np.all(np.diff(xs) >= 0)
    assert xs[-1] >= made.x[inside][-1] - made.x[-1] / 500


def test_points_that_come_one_by_one_are_summed_up_like_points_that_come_at_once():
    at_once, one_by_one = series(3000), Series()
    for x, y in zip(at_once.x, at_once.y, strict=True):
        one_by_one.extend([x], [y])
    for first, second in zip(at_once.window(0, 30, 20), one_by_one.window(0, 30, 20), strict=True):
        assert np.array_equal(first, second)


def test_the_curve_ends_at_the_last_point():
    made = series(10_001)
    xs, ys = made.window(0, 1000, 100)
    assert (xs[-1], ys[-1]) == (made.x[-1], made.y[-1])


def test_what_is_not_finite_is_a_gap_and_affects_no_neighbour():
    made = Series()
    values = np.ones(1000)
    values[500] = np.inf
    values[501] = np.nan
    made.extend(np.arange(1000.0), values)
    _, ys = made.window(0, 1000, 10)
    assert np.nanmax(ys) == 1
    assert np.isnan(made.y[500])


def test_a_window_beside_the_points_and_an_empty_series():
    assert len(Series().window(0, 1, 100)[0]) == 0
    assert Series().nearest(3) is None
    xs, _ = series(10).window(5, 6, 100)
    assert len(xs) <= 1


@pytest.mark.parametrize(("x", "index"), [(-1, 0), (0.011, 0), (0.019, 1), (0.035, 3), (9, 4)])
def test_the_nearest_point(x, index):
    made = Series()
    made.extend([0.01, 0.02, 0.03, 0.036, 0.05], [1, 2, 3, 4, 5])
    assert made.nearest(x) == index


@pytest.mark.parametrize("weight", [0.0, 0.6, 0.99])
def test_smoothing_is_the_recursion_with_bias_correction(weight):
    values = np.random.default_rng(1).normal(3, 1, 1500)
    smoother = Smoother(weight)
    parts = [smoother.extend(part) for part in np.split(values, [1, 2, 300, 301])]
    assert np.concatenate(parts) == pytest.approx(slowly(values, weight))


def test_smoothing_leaves_gaps_and_goes_on_behind_them():
    smoothed = Smoother(0.5).extend(np.array([2.0, np.nan, 2.0]))
    assert np.isnan(smoothed[1])
    assert smoothed[[0, 2]] == pytest.approx([2, 2])


def test_the_table_has_every_epoch_and_every_batch():
    ended = epoch(val_loss=float("nan"), val_accuracy=0.7)
    loss, accuracy = Series(), Series()
    loss.extend([0.5, 1], [0.6, 0.5])
    accuracy.extend([0.5, 1], [0.7, np.nan])
    batches = {"loss": loss, "accuracy": accuracy}
    rows = list(csv.DictReader(csv_text([ended], CLASSIFICATION, batches).splitlines()))
    assert [row["kind"] for row in rows] == ["epoch", "batch", "batch"]
    assert rows[0]["val_loss"] == rows[0]["top_k"] == ""
    assert float(rows[0]["learning_rate"]) == 0.001
    assert (rows[1]["epoch"], rows[1]["loss"], rows[1]["accuracy"]) == ("0.500000", "0.6", "0.7")
    assert rows[2]["accuracy"] == rows[2]["seconds"] == ""
