"""Nearest rows by cosine."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.features import neighbours as module
from desktop_app.core.features.neighbours import cosines, nearest
from desktop_app.core.foundation.errors import Cancelled


def rows(*values):
    return np.array(values, np.float32)


def test_lengths_do_not_matter():
    found = cosines(rows(2, 0), rows((5, 0), (0, 1), (-3, 0), (1, 1)))
    assert found == pytest.approx([1, 0, -1, 0.5**0.5])


def test_rows_and_queries_of_zeros_are_like_nothing():
    assert cosines(rows(1, 0), rows((0, 0), (1, 0))).tolist() == [0, 1]
    assert cosines(rows(0, 0), rows((1, 0), (0, 1))).tolist() == [0, 0]


def test_the_most_similar_come_first_and_of_equal_ones_the_first():
    found = nearest(rows(1, 0), rows((0, 1), (2, 0), (1, 1), (1, 0)))
    assert found.rows.tolist() == [1, 3, 2, 0]
    assert found.cosines == pytest.approx([1, 1, 0.5**0.5, 0])


@pytest.mark.parametrize("top", [0, 1, 3, 40, 99])
def test_a_few_are_the_first_of_all(top, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 7)
    vectors = np.random.default_rng(0).integers(-2, 3, (40, 4)).astype(np.float32)
    everything = nearest(vectors[3], vectors)
    assert nearest(vectors[3], vectors, top).rows.tolist() == everything.rows[:top].tolist()


def test_unusable_rows_are_left_out():
    found = nearest(rows(1, 0), rows((1, 0), (1, 1), (0, 1)), usable=np.array([False, True, True]))
    assert found.rows.tolist() == [1, 2]


def test_it_can_be_cancelled():
    def check():
        raise Cancelled

    with pytest.raises(Cancelled):
        nearest(rows(1, 0), rows((1, 0)).reshape(1, 2), check=check)
