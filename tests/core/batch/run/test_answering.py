"""The most probable classes of a batch."""

import numpy as np
import pytest

from desktop_app.core.batch.run.answering import best_classes


def by_sorting(probabilities, top):
    return np.argsort(-probabilities, axis=1, kind="stable")[:, :top]


@pytest.mark.parametrize("classes", [1, 2, 5, 6, 10, 1000])
@pytest.mark.parametrize("top", [1, 2, 5, 2000])
@pytest.mark.parametrize("count", [1, 2, 33])
def test_they_are_those_of_sorting(classes, top, count):
    probabilities = np.random.default_rng(classes).dirichlet(np.ones(classes), size=count)

    assert np.array_equal(best_classes(probabilities, top), by_sorting(probabilities, top))


@pytest.mark.parametrize("levels", [1, 2, 3, 20])
@pytest.mark.parametrize("top", [1, 3, 5])
def test_of_equal_ones_the_first_comes_first(levels, top):
    probabilities = np.random.default_rng(levels).integers(0, levels, (40, 12)) / 10

    assert np.array_equal(best_classes(probabilities, top), by_sorting(probabilities, top))


def test_rows_with_and_without_equal_ones_beside_each_other():
    probabilities = np.array([[0.1, 0.2, 0.3, 0.4], [0.3, 0.2, 0.3, 0.2], [0.0, -0.0, 0.0, 1.0]])

    assert best_classes(probabilities, 2).tolist() == [[3, 2], [0, 2], [3, 0]]
    assert best_classes(probabilities, 3).tolist() == [[3, 2, 1], [0, 2, 1], [3, 0, 1]]


def test_numbers_that_are_none_are_sorted_as_ever():
    probabilities = np.array([[0.1, np.nan, 0.3, 0.4], [0.1, 0.2, 0.3, 0.4]])

    assert np.array_equal(best_classes(probabilities, 2), by_sorting(probabilities, 2))
