"""Groups of similar rows: pure, complete, the same every time."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from desktop_app.core.features import clusters as module
from desktop_app.core.features.clusters import LEAST, MOST_GROUPS, group_rows
from desktop_app.core.foundation.errors import Cancelled

FEATURES = 40


def clouds(kinds, each, spread=0.3, seed=0):
    """Gaussian clouds around random directions that share a large common part, as features do."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((kinds, FEATURES)) + 3
    truth = np.repeat(np.arange(kinds), each)
    vectors = centres[truth] + spread * random.standard_normal((len(truth), FEATURES))
    order = random.permutation(len(truth))
    return vectors[order].astype(np.float32), truth[order]


def purity(groups, truth):
    most = sum(Counter(truth[rows].tolist()).most_common(1)[0][1] for rows in groups)
    return most / sum(map(len, groups))


@pytest.mark.parametrize("kinds", [2, 5, 10])
def test_clouds_come_apart(kinds):
    vectors, truth = clouds(kinds, 40)
    found = group_rows(vectors)
    assert purity(found.groups, truth) == 1
    assert len(found.groups) >= kinds
    assert len(found.rest) < 0.1 * len(vectors)


def test_each_row_is_listed_once_and_large_groups_first():
    vectors, _ = clouds(4, 30, spread=1)
    found = group_rows(vectors)
    listed = np.concatenate([*found.groups, found.rest])
    assert sorted(listed.tolist()) == list(range(len(vectors)))
    sizes = [len(rows) for rows in found.groups]
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= LEAST
    assert len(sizes) <= MOST_GROUPS


def test_it_is_deterministic():
    vectors, _ = clouds(3, 30, spread=1)
    first, second = group_rows(vectors), group_rows(vectors.copy())
    assert [rows.tolist() for rows in first.groups] == [rows.tolist() for rows in second.groups]


def test_equal_rows_land_together():
    vectors, _ = clouds(6, 20, spread=1)
    found = group_rows(np.repeat(vectors, 2, axis=0))
    places = {int(row): place for place, rows in enumerate([*found.groups, found.rest]) for row in rows}
    assert all(places[2 * row] == places[2 * row + 1] for row in range(len(vectors)))


def test_what_is_far_from_everything_is_the_rest():
    vectors, _ = clouds(2, 60, spread=0.1)
    odd = np.random.default_rng(9).standard_normal((1, FEATURES)).astype(np.float32) - 3
    found = group_rows(np.concatenate([vectors, odd]))
    assert len(vectors) in found.rest


def test_a_large_folder_is_grouped_by_a_sample(monkeypatch):
    monkeypatch.setattr(module, "_SAMPLE", 60)
    monkeypatch.setattr(module, "_CHUNK", 50)
    vectors, truth = clouds(4, 100)
    found = group_rows(vectors)
    assert purity(found.groups, truth) == 1


@pytest.mark.parametrize("count", [0, 1, LEAST - 1])
def test_too_few_are_the_rest(count):
    found = group_rows(np.ones((count, FEATURES), np.float32))
    assert found.groups == ()
    assert found.rest.tolist() == list(range(count))


def test_pictures_that_are_all_the_same_are_one_group():
    found = group_rows(np.ones((9, FEATURES), np.float32))
    assert [rows.tolist() for rows in found.groups] == [list(range(9))]


def test_it_can_be_cancelled():
    def check():
        raise Cancelled

    with pytest.raises(Cancelled):
        group_rows(clouds(2, 10)[0], check)


def test_the_limits_are_these():
    assert (LEAST, MOST_GROUPS, module._SAMPLE) == (3, 60, 2500)
