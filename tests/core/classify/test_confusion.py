from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.classify import confusion
from desktop_app.core.classify.confusion import Confusion, out_of_balance

ROWS = [[8, 2, 0, 0], [3, 4, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]


def pairs_of(rows):
    """Truth and prediction of each picture of a matrix."""
    cells = np.argwhere(np.array(rows))
    counts = [rows[truth][given] for truth, given in cells]
    return np.repeat(cells[:, 0], counts), np.repeat(cells[:, 1], counts)


def test_only_pairs_that_occur_are_kept_the_commonest_first():
    found = Confusion.from_rows(ROWS)
    assert len(found) == 4
    assert (found.pictures.tolist(), found.found.tolist()) == ([10, 7, 1, 0], [8, 4, 0, 0])
    assert found.predicted.tolist() == [11, 7, 0, 0]
    assert found.most_confused(5) == [(1, 0), (0, 1), (2, 1)]
    assert found.most_confused(1) == [(1, 0)]
    assert (found.count(1, 0), found.count(0, 0), found.count(3, 1)) == (3, 8, 0)
    assert (found.total, found.right) == (18, 12)


@pytest.mark.parametrize("rows", [ROWS, [[1, 0], [0, 1]], [[0, 5], [0, 0]]])
def test_counting_pictures_gives_the_same_as_the_matrix(rows):
    counted = Confusion.of(*pairs_of(rows), len(rows))
    assert counted == Confusion.from_rows(rows)
    assert counted.dense().tolist() == rows
    assert counted != Confusion.from_rows(np.array(rows) + 1)


def test_the_figures_are_those_of_scikit_learn():
    # sklearn 1.9: balanced_accuracy_score and f1_score(average="macro") for these pictures.
    found = Confusion.from_rows(ROWS)
    assert found.balanced_accuracy == pytest.approx((8 / 10 + 4 / 7 + 0) / 3)
    assert found.macro_f1 == pytest.approx((16 / 21 + 8 / 14 + 0) / 3)


def test_a_class_that_is_only_predicted_counts_for_the_f1_score():
    found = Confusion.from_rows([[3, 1], [0, 0]])
    assert found.balanced_accuracy == 0.75
    assert found.macro_f1 == pytest.approx((6 / 7 + 0) / 2)


@pytest.mark.parametrize(
    ("pictures", "unlike"),
    [([300, 100], False), ([301, 100], True), ([5, 0, 5], False), ([4, 1, 0], True), ([7, 0], False)],
)
def test_classes_are_out_of_balance_beyond_a_factor_of_three(pictures, unlike):
    assert out_of_balance(np.array(pictures)) is unlike


@pytest.mark.parametrize(
    ("rows", "only"),
    [
        ([[40, 0], [1, 0]], 0),
        ([[0, 3], [0, 9]], 1),
        ([[0, 3], [0, 0]], 1),
        ([[39, 1], [1, 0]], None),
        ([[3, 0], [0, 0]], None),
        ([[3, 0], [0, 1]], None),
    ],
)
def test_a_single_answer_is_seen_unless_it_is_always_right(rows, only):
    assert Confusion.from_rows(rows).only_answer == only


def test_classes_that_are_never_found_and_those_least_found():
    found = Confusion.from_rows([[9, 1, 0, 0], [1, 0, 0, 0], [2, 0, 0, 0], [0, 0, 0, 0]])
    assert found.never_found.tolist() == [2, 1]
    assert found.least_found(2) == [1, 2]
    assert found.least_found(9) == [1, 2, 0]


def test_the_rarest_pairs_beyond_the_limit_are_dropped_but_counted(monkeypatch):
    monkeypatch.setattr(confusion, "MAX_PAIRS", 2)
    found = Confusion.from_rows(ROWS)
    assert found.most_confused(5) == [(1, 0), (0, 1)]
    assert (found.total, found.predicted.tolist()) == (18, [11, 7, 0, 0])


def test_the_limit_is_this():
    assert confusion.MAX_PAIRS == 300_000


def test_twenty_thousand_classes_need_no_matrix():
    truth = np.arange(40_000) % 20_000
    found = Confusion.of(truth, (truth + np.arange(40_000) % 3) % 20_000, 20_000)
    assert sum(getattr(found, name).nbytes for name in Confusion.__slots__) < 2_000_000
    assert found.total == 40_000
