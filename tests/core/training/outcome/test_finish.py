from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.library.card import Calibration
from desktop_app.core.training.outcome.evaluation import MAX_MISTAKES, evaluate
from desktop_app.core.training.outcome.finish import calibrate


def answers_like(labels, sureness):
    """Probabilities that are right about the labels and as sure as said."""
    answers = np.full((len(labels), 2), 1 - sureness)
    answers[np.arange(len(labels)), labels] = sureness
    return answers


def test_few_pictures_do_not_calibrate():
    labels = np.arange(99) % 2
    assert calibrate(answers_like(labels, 0.9), labels) == Calibration()


def test_boasting_is_calibrated_away():
    labels = np.arange(200) % 2
    answers = answers_like(np.where(np.arange(200) % 5 == 0, 1 - labels, labels), 0.999)
    calibration = calibrate(answers, labels)
    assert calibration.temperature > 2
    assert calibration.error_after < calibration.error_before


def test_an_evaluation_counts_and_puts_the_surest_mistakes_first():
    answers = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.05, 0.95]])
    paths = [Path(str(number)) for number in range(4)]
    evaluation = evaluate(answers, np.array([0, 1, 0, 0]), part="test", classes=("a", "b"), paths=paths)
    assert evaluation.accuracy == 0.5
    assert evaluation.confusion == ((1, 2), (0, 1))
    assert evaluation.classes == ("a", "b")
    assert evaluation.top_k is None
    assert [(str(mistake.path), mistake.truth, mistake.answer) for mistake in evaluation.mistakes] == [
        ("3", "a", "b"),
        ("2", "a", "b"),
    ]
    assert evaluation.mistakes[0].probability == pytest.approx(0.95)


def test_only_the_worst_mistakes_are_listed():
    answers = np.tile([0.1, 0.9], (MAX_MISTAKES + 5, 1))
    labels = np.zeros(len(answers), np.int64)
    evaluation = evaluate(
        answers, labels, part="validation", classes=("a", "b"), paths=[Path("x")] * len(answers)
    )
    assert len(evaluation.mistakes) == MAX_MISTAKES


def test_top_k_counts_the_first_k():
    answers = np.array([[0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1]])
    evaluation = evaluate(
        answers, np.array([2, 3]), part="test", classes=tuple("abcd"), paths=[Path("x"), Path("y")]
    )
    assert (evaluation.k, evaluation.top_k) == (3, 0.5)
