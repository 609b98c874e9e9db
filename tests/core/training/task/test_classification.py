from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.library.card import Calibration
from desktop_app.core.training.records.history import best_epoch, why_best
from desktop_app.core.training.runs.evaluation_file import evaluation_from_json, evaluation_to_json
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.core.training.task.classification import CLASSIFICATION, probabilities
from desktop_app.core.training.task.classification_card import calibrate
from desktop_app.core.training.task.classification_evaluation import (
    MAX_MISTAKES,
    ClassificationEvaluation,
    evaluate,
)
from desktop_app.core.training.task.top_k import top_k_for
from tests.core.training.epochs import epoch
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
    batches, labels = [answers[:3], answers[3:]], np.array([0, 1, 0, 0])
    evaluation = evaluate(batches, labels, part="test", classes=("a", "b"), paths=paths)
    assert evaluation.accuracy == 0.5
    assert evaluation.confusion.dense().tolist() == [[1, 2], [0, 1]]
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
        [answers], labels, part="validation", classes=("a", "b"), paths=[Path("x")] * len(answers)
    )
    assert len(evaluation.mistakes) == MAX_MISTAKES


def test_top_k_counts_the_first_k():
    answers = np.array([[0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1]])
    evaluation = evaluate(
        [answers], np.array([2, 3]), part="test", classes=tuple("abcd"), paths=[Path("x"), Path("y")]
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
    [(2, []), (4, ["top-3"]), (20, ["top-5"])],
)
def test_the_metrics_suit_the_number_of_classes(classes, labels):
    always = ["loss", "accuracy", "balanced accuracy", "macro F1"]
    assert [metric.label for metric in CLASSIFICATION.metrics_for(classes)] == always + labels


def test_the_card_says_what_was_measured_where():
    labels = np.arange(4) % 2
    answers = answers_like(np.zeros(4, np.int64), 0.9)
    classes = ("a", "b", "c", "d")
    wide = np.full((4, 4), 0.05) + 0.8 * np.eye(4)
    evaluation = evaluate([wide], np.array([0, 1, 2, 2]), part="test", classes=classes, paths=[Path("x")] * 4)
    validation = evaluate([answers], labels, part="validation", classes=("a", "b"), paths=[Path("x")] * 4)
    fields = CLASSIFICATION.card(classes, evaluation, validation, (answers, labels))
    assert fields["task"] == "classification"
    assert [entry.label for entry in fields["classes"]] == list(classes)
    assert fields["calibration"] == Calibration()
    assert fields["metrics"] == {
        "val_top1": 0.5,
        "top1": 0.75,
        "pictures": 4,
        "test_top1": 0.75,
        "balanced_accuracy": 0.8333,
        "macro_f1": round((1 + 1 + 2 / 3 + 0) / 4, 4),
        "top3": evaluation.top_k,
    }
    assert CLASSIFICATION.card(classes, None, None, None)["metrics"] == {}


@pytest.mark.parametrize(("pictures", "noun"), [(1, "validation picture"), (2, "validation pictures")])
def test_an_evaluation_phrases_itself(pictures, noun):
    answers = answers_like(np.zeros(pictures, np.int64), 0.9)
    evaluation = evaluate(
        [answers],
        np.zeros(pictures, np.int64),
        part="validation",
        classes=("a", "b"),
        paths=[Path("x")] * pictures,
    )
    assert evaluation.sentence == f"100.0% accurate on {pictures} {noun}"


def judged(rows, classes=("ok", "defect"), part="test"):
    """The evaluation of predictions with this confusion matrix."""
    cells = np.argwhere(np.array(rows))
    counts = [rows[truth][given] for truth, given in cells]
    truth, given = np.repeat(cells[:, 0], counts), np.repeat(cells[:, 1], counts)
    answers = np.full((len(truth), len(classes)), 0.1)
    answers[np.arange(len(truth)), given] = 0.9
    return evaluate([answers], truth, part=part, classes=classes, paths=[Path("x")] * len(truth))


def test_a_model_with_one_answer_is_not_praised():
    evaluation = judged([[40, 0], [1, 0]])
    assert evaluation.sentence == "always predicts ok, on all 41 test pictures"
    useless, missed, doubt = evaluation.shortcomings
    assert useless == (
        "The model predicts ok for all 41 test pictures: it cannot tell the classes apart. "
        "Add pictures of the other classes, train longer, or try another network."
    )
    assert missed == "It finds none of defect (1 of 1 missed)."
    assert doubt == "Only 1 picture of defect: the balanced accuracy is uncertain."
    assert evaluation.least_found(5) == "Found: defect 0 of 1, ok 40 of 40"
    assert evaluation.pair(1, 0) == "1 of 1 picture of defect mistaken for ok"
    assert evaluation.metrics["accuracy"] == pytest.approx(40 / 41)
    assert evaluation.metrics["balanced_accuracy"] == 0.5
    assert evaluation.metrics["macro_f1"] == pytest.approx(80 / 81 / 2)


def test_classes_out_of_balance_are_judged_by_the_balanced_accuracy():
    evaluation = judged([[38, 2], [3, 5]], part="validation")
    assert evaluation.sentence == ("78.8% balanced accuracy (89.6% plain) on 48 validation pictures")
    assert evaluation.shortcomings == ()


def test_a_share_of_very_few_pictures_is_called_uncertain():
    assert judged([[39, 1], [0, 1]]).shortcomings == (
        "Only 1 picture of defect: the balanced accuracy is uncertain.",
    )
    three = judged([[39, 1, 0], [0, 1, 0], [0, 0, 4]], classes=("ok", "scratch", "dent"))
    assert three.shortcomings == (
        "2 classes have fewer than 5 pictures each: the balanced accuracy is uncertain.",
    )


def test_classes_that_are_never_found_are_named_up_to_a_few():
    count = 8
    rows = np.diag(np.full(count, 5))
    rows[1:8] = 0
    rows[1:8, 0] = np.arange(1, 8)
    evaluation = judged(rows.tolist(), classes=tuple("abcdefgh"))
    assert evaluation.shortcomings[1] == (
        "It finds none of h, g, f, e, d and 2 more classes (28 of 28 missed)."
    )
    assert evaluation.least_found(3) == "Found: b 0 of 1, c 0 of 2, d 0 of 3; 5 more classes"


def test_an_epoch_is_chosen_by_the_balanced_accuracy_where_classes_are_out_of_balance():
    task = CLASSIFICATION.unbalanced
    praised = epoch(1, val_loss=0.1, val_accuracy=0.976, val_balanced_accuracy=0.5)
    useful = epoch(2, val_loss=0.4, val_accuracy=0.9, val_balanced_accuracy=0.82)
    assert best_epoch([praised, useful], task) is useful
    assert best_epoch([praised, useful], CLASSIFICATION) is praised
    assert why_best([praised, useful], task) == "the highest validation balanced accuracy"
    assert (task.kind, task.shown.brief(0.5)) == ("classification", "50.0% balanced")


def test_a_figure_that_never_changed_did_not_choose_the_epoch():
    same = [epoch(number, val_loss=1 / number, val_accuracy=0.976) for number in (1, 2, 3)]
    assert best_epoch(same, CLASSIFICATION) is same[2]
    assert why_best(same, CLASSIFICATION) == "the lowest validation loss"
    assert why_best(same[:1], CLASSIFICATION) == "the highest validation accuracy"
    assert why_best([epoch(1)], CLASSIFICATION) == "the lowest training loss"


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_balanced_accuracy_of_an_epoch_is_that_of_its_pictures(outputs):
    from desktop_app.core.training.task.balanced_accuracy import balanced_accuracy

    random = np.random.default_rng(0)
    classes = max(outputs, 2)
    truth = random.choice(classes, 60, p=[0.8, *[0.2 / (classes - 1)] * (classes - 1)])
    given = np.where(random.random(60) < 0.6, truth, 0)
    metric = balanced_accuracy(classes)
    for rows in (slice(0, 7), slice(7, 60)):
        made = [
            np.eye(classes, dtype=np.float32)[labels[rows]]
            if outputs > 1
            else labels[rows, None].astype("f4")
            for labels in (truth, given)
        ]
        metric.update_state(*made)
    assert float(metric.result()) == pytest.approx(Confusion.of(truth, given, classes).balanced_accuracy)
    metric.reset_state()
    assert float(metric.result()) == 0


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_only_unbalanced_runs_measure_it_in_every_epoch():
    model = model_with(3)
    inputs, labels = np.ones((1, 3)), np.eye(3)[:1]
    assert "balanced_accuracy" not in model.test_on_batch(inputs, labels, return_dict=True)
    CLASSIFICATION.unbalanced.compile(model, model.optimizer, default_hyperparameters(), 3)
    assert "balanced_accuracy" in model.test_on_batch(inputs, labels, return_dict=True)


@pytest.mark.parametrize("batch", [1, 7, 100])
def test_an_evaluation_does_not_depend_on_the_batches(batch):
    random = np.random.default_rng(1)
    answers = random.random((100, 6)).round(1)  # with ties
    truth = random.integers(0, 6, 100)
    paths = [Path(str(number)) for number in range(100)]
    whole = evaluate([answers], truth, part="test", classes=tuple("abcdef"), paths=paths)
    parts = [answers[start : start + batch] for start in range(0, 100, batch)]
    assert evaluate(parts, truth, part="test", classes=tuple("abcdef"), paths=paths) == whole
    best = np.argsort(-answers, axis=1, kind="stable")[:, :3]
    assert whole.top_k == pytest.approx((best == truth[:, None]).any(axis=1).mean())


def test_the_evaluation_of_very_many_classes_is_a_small_file(tmp_path):
    count = 20_000
    truth = np.repeat(np.arange(count), 2)
    random = np.random.default_rng(0)
    given = np.where(random.random(len(truth)) < 0.5, truth, random.integers(0, count, len(truth)))
    confusion = Confusion.of(truth, given, count)
    names = tuple(f"taxon_{number:05}" for number in range(count))
    figures = {"accuracy": 0.5, "balanced_accuracy": 0.5, "macro_f1": 0.5, "top_k": 0.6}
    evaluation = ClassificationEvaluation(
        "classification", "test", len(truth), figures, 5, confusion, (), names
    )
    text = evaluation_to_json(evaluation).encode()
    assert len(text) < 2_000_000
    assert evaluation_from_json(text) == evaluation
