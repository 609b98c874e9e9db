"""The regression against solutions that are known otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.label_mistakes.softmax_regression import fit, minimise, softmax


def clusters(count=200, features=12, classes=3, seed=0):
    random = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    centres = random.normal(0, 2, (classes, features))
    return (centres[labels] + random.normal(0, 1.5, (count, features))).astype(np.float32), labels


def gradient(points, labels, weights, bias, penalty):
    """The derivative of the regression's function, in 64-bit numbers."""
    points = points.astype(np.float64)
    error = softmax(points @ weights + bias) - np.eye(weights.shape[1])[labels]
    return points.T @ error / len(points) + penalty * weights, error.mean(axis=0)


@pytest.mark.parametrize("penalty", [1e-3, 1e-1])
def test_the_gradient_is_zero_at_the_result(penalty):
    points, labels = clusters()
    found = fit(points, labels, 3, penalty=penalty)
    of_weights, of_bias = gradient(
        points, labels, found.weights.astype(np.float64), found.bias.astype(np.float64), penalty
    )
    assert np.abs(of_weights).max() < 1e-4
    assert np.abs(of_bias).max() < 1e-4


def test_without_anything_to_go_by_the_shares_of_the_classes_are_predicted():
    points = np.zeros((10, 4), np.float32)
    found = fit(points, np.array([0] * 7 + [1] * 3), 2, penalty=1.0)
    assert found.probabilities(points[:1])[0] == pytest.approx([0.7, 0.3], abs=1e-4)


def test_two_points_have_the_solution_of_the_scalar_equation():
    # By symmetry the weights are w and -w, where penalty * w = 1 / (1 + exp(2 w)).
    penalty = 0.5
    points = np.array([[1.0], [-1.0]], np.float32)
    found = fit(points, np.array([0, 1]), 2, penalty=penalty)
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 / (1 + np.exp(2 * middle)) > penalty * middle else (low, middle)
    assert found.weights[0] == pytest.approx([low, -low], abs=1e-4)
    assert found.bias == pytest.approx([0, 0], abs=1e-4)


def test_the_start_does_not_matter_and_the_same_numbers_give_the_same_result():
    points, labels = clusters()
    other = fit(*clusters(seed=5), 3, penalty=1e-2)
    first, again, elsewhere = (
        fit(points, labels, 3, penalty=1e-2, start=start) for start in (None, None, other)
    )
    assert np.array_equal(first.weights, again.weights)
    assert np.allclose(first.probabilities(points), elsewhere.probabilities(points), atol=1e-3)


def test_probabilities_are_positive_and_their_sum_is_one_however_large_the_logits():
    found = softmax(np.array([[1e4, 0, -1e4], [0, 0, 0]], np.float32))
    assert found.sum(axis=1) == pytest.approx([1, 1])
    assert found[1] == pytest.approx([1 / 3] * 3)


def test_a_quadratic_is_minimised_where_its_gradient_says():
    matrix = np.diag([1.0, 30.0, 1000.0]) + 0.5
    wanted = np.array([3.0, -2.0, 0.5])

    def objective(place):
        change = place - wanted
        return float(0.5 * change @ matrix @ change), matrix @ change

    assert minimise(objective, np.zeros(3)) == pytest.approx(wanted, abs=1e-4)


def test_a_check_ends_the_fit():
    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        fit(*clusters(), 3, penalty=1e-2, check=stop)
