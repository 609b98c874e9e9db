from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.classify.calibration import (
    expected_calibration_error,
    fit_temperature,
    unsure_threshold,
)
from desktop_app.core.networks.readings import softmax


@pytest.fixture
def drawn():
    """Logits whose softmax is the true distribution of the labels."""
    random = np.random.default_rng(3)
    logits = random.normal(0, 2, (20_000, 5))
    cumulative = softmax(logits).cumsum(axis=1)
    labels = (random.random((len(logits), 1)) > cumulative).sum(axis=1)
    return logits, labels


@pytest.mark.parametrize("distortion", [0.4, 1.0, 3.0])
def test_the_fitted_temperature_undoes_a_distortion(drawn, distortion):
    logits, labels = drawn
    assert fit_temperature(logits * distortion, labels) == pytest.approx(distortion, rel=0.05)


def test_scaling_lowers_the_calibration_error(drawn):
    logits, labels = drawn
    before = expected_calibration_error(softmax(logits * 3), labels)
    after = expected_calibration_error(softmax(logits), labels)
    assert before > 0.1
    assert after < 0.02


def test_calibration_error_of_known_cases():
    always_sure = np.array([[1.0, 0.0]] * 4)
    assert expected_calibration_error(always_sure, np.array([0, 0, 0, 0])) == 0
    assert expected_calibration_error(always_sure, np.array([0, 0, 1, 1])) == pytest.approx(0.5)


def test_below_the_threshold_answers_are_wrong_more_often_than_not(drawn):
    logits, labels = drawn
    probabilities = softmax(logits)
    threshold = unsure_threshold(probabilities, labels)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    assert 0.3 < threshold < 0.7
    assert right[confidence < threshold].mean() < 0.5
    assert right[confidence >= threshold].mean() > 0.7


def test_without_doubtful_answers_the_threshold_is_chance():
    sure = np.tile([[0.97, 0.01, 0.02]], (100, 1))
    assert unsure_threshold(sure, np.zeros(100, dtype=np.int64)) == pytest.approx(1 / 3)
