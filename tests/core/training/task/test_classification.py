from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.library.card import Calibration
from desktop_app.core.training.task.classification import CLASSIFICATION, probabilities
from desktop_app.core.training.task.classification_card import calibrate
from desktop_app.core.training.task.classification_evaluation import MAX_MISTAKES, evaluate
from desktop_app.core.training.task.top_k import top_k_for
from tests.core.training.loop.test_optimizers import model_with


@pytest.mark.parametrize(("classes", "k"), [(2, 1), (3, 1), (4, 3), (19, 3), (20, 5), (1000, 5)])
def test_top_k_suits_the_number_of_classes(classes, k):
    assert top_k_for(classes) == k


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("outputs", "names"),
    [(1, {"loss", "accuracy"}), (3, {"loss", "accuracy"}), (4, {"loss", "accuracy", "top_k"})],
)
def test_figures_fit_the_outputs(outputs, names):
    model = model_with(outputs)
    labels = np.ones((1, 1)) if outputs == 1 else np.eye(outputs)[:1]
    figures = model.test_on_batch(np.ones((1, 3)), labels, return_dict=True)
    assert set(figures) == names


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_label_smoothing_costs_the_sure():
    sharp, smooth = model_with(1), model_with(1, label_smoothing=0.2)
    smooth.set_weights([np.full((3, 1), 20.0), np.zeros(1)])
    sharp.set_weights(smooth.get_weights())
    inputs, labels = np.ones((1, 3)), np.ones((1, 1))
    assert smooth.test_on_batch(inputs, labels)[0] > sharp.test_on_batch(inputs, labels)[0] + 0.5


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


def test_only_the_most_confident_mistakes_are_listed():
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


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        ([[0.25], [1.0]], [[0.75, 0.25], [0.0, 1.0]]),
        ([[0.2, 0.2], [0.0, 0.5]], [[0.5, 0.5], [0.0, 1.0]]),
    ],
)
def test_outputs_become_probabilities_of_all_classes(outputs, expected):
    assert probabilities(np.array(outputs)).tolist() == expected


@pytest.mark.parametrize(
    ("classes", "labels"),
    [(2, ["loss", "accuracy"]), (4, ["loss", "accuracy", "top-3"]), (20, ["loss", "accuracy", "top-5"])],
)
def test_the_metrics_suit_the_number_of_classes(classes, labels):
    assert [metric.label for metric in CLASSIFICATION.metrics_for(classes)] == labels


def test_the_card_says_what_was_measured_where():
    labels = np.arange(4) % 2
    answers = answers_like(np.zeros(4, np.int64), 0.9)
    classes = ("a", "b", "c", "d")
    wide = np.full((4, 4), 0.05) + 0.8 * np.eye(4)
    evaluation = evaluate(wide, np.array([0, 1, 2, 2]), part="test", classes=classes, paths=[Path("x")] * 4)
    fields = CLASSIFICATION.card(classes, evaluation, (answers, labels))
    assert fields["task"] == "classification"
    assert [entry.label for entry in fields["classes"]] == list(classes)
    assert fields["calibration"] == Calibration()
    assert fields["metrics"] == {
        "val_top1": 0.5,
        "top1": 0.75,
        "pictures": 4,
        "test_top1": 0.75,
        "top3": evaluation.top_k,
    }
    assert CLASSIFICATION.card(classes, None, None)["metrics"] == {}


@pytest.mark.parametrize(("pictures", "noun"), [(1, "validation picture"), (2, "validation pictures")])
def test_an_evaluation_phrases_itself(pictures, noun):
    answers = answers_like(np.zeros(pictures, np.int64), 0.9)
    evaluation = evaluate(
        answers,
        np.zeros(pictures, np.int64),
        part="validation",
        classes=("a", "b"),
        paths=[Path("x")] * pictures,
    )
    assert evaluation.sentence == f"100.0\N{NO-BREAK SPACE}% accurate on {pictures} {noun}"
