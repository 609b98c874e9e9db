from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.networks.readings import read_outputs, sigmoid, unit_length

LOGITS = np.array([[2.0, -1.0, 0.0], [0.5, 3.0, -4.0]])


def test_labels_are_each_a_probability_of_their_own():
    found = read_outputs(LOGITS, "multi-label", "logits")
    assert found == pytest.approx(1 / (1 + np.exp(-LOGITS)))
    assert found.sum(axis=1) != pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("kind", ["sigmoid", "unknown", "softmax"])
def test_probabilities_of_labels_stay_as_they_are(kind):
    given = np.array([[0.75, 0.86, 0.93], [0.0, 1.0, 0.5]])
    assert read_outputs(given, "multi-label", kind).tolist() == given.tolist()


def test_a_temperature_divides_the_logits_of_labels_first():
    expected = 1 / (1 + np.exp(-LOGITS / 2))
    assert read_outputs(LOGITS, "multi-label", "logits", 2) == pytest.approx(expected)
    given = sigmoid(LOGITS)
    assert read_outputs(given, "multi-label", "sigmoid", 2) == pytest.approx(expected)
    assert read_outputs(np.array([[0.0, 1.0]]), "multi-label", "sigmoid", 2) == pytest.approx(
        np.array([[0, 1]])
    )


def test_large_logits_overflow_nothing():
    with np.errstate(all="raise", under="ignore"):
        found = read_outputs(np.array([[1e4, -1e4, 0]]), "multi-label", "logits")
    assert found.tolist() == [[1, 0, 0.5]]


def test_amounts_are_the_numbers_and_know_no_temperature():
    given = np.array([[-3.5, 1e6]], np.float32)
    assert read_outputs(given, "regression", "logits", 2).tolist() == [[-3.5, 1e6]]


def test_features_have_length_one_and_zeros_stay_zeros():
    found = read_outputs(np.array([[3.0, 4.0], [0, 0], [1e300, 0]]), "embedding", "logits")
    assert found == pytest.approx(np.array([[0.6, 0.8], [0, 0], [1, 0]]))
    assert unit_length(np.empty((0, 4))).shape == (0, 4)


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("softmax", [[0.2, 0.6]], [[0.25, 0.75]]),
        ("sigmoid", [[0.2, 0.6]], [[0.25, 0.75]]),
        ("sigmoid", [[0.2]], [[0.8, 0.2]]),
        ("logits", [[np.log(3.0), 0.0]], [[0.75, 0.25]]),
        ("logits", [[np.log(3.0)]], [[0.25, 0.75]]),
    ],
)
def test_classes_sum_to_one(kind, given, expected):
    assert read_outputs(np.array(given), "classification", kind) == pytest.approx(np.array(expected))
