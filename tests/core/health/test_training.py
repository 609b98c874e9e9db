"""A model that predicts differently after it is loaded again is noticed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.health.checks import CheckFailed
from desktop_app.core.health.training import compare
from desktop_app.core.training.task.classification_evaluation import evaluate

ANSWERS = np.array([[0.7, 0.3], [0.4, 0.6], [0.2, 0.8]])


def evaluation(answers):
    paths = [Path(f"{number}.png") for number in range(3)]
    return evaluate([np.asarray(answers)], np.array([1, 0, 1]), part="test", classes=("a", "b"), paths=paths)


def test_the_same_answers():
    compare(evaluation(ANSWERS), evaluation(ANSWERS + 1e-6))


@pytest.mark.parametrize("changes", [{(0, 0): 0.72}, {(2, 0): 0.9}, {(0, 1): 0.9, (1, 0): 0.9}], ids=str)
def test_other_answers(changes):
    other = ANSWERS.copy()
    for place, value in changes.items():
        other[place] = value
    with pytest.raises(CheckFailed, match="differently"):
        compare(evaluation(ANSWERS), evaluation(other))
