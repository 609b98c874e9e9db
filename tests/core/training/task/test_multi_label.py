"""Several labels at once: metrics, evaluation, thresholds, temperature, file and table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.library.card import ModelCard
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.training.runs.evaluation_file import evaluation_from_json, evaluation_to_json
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.core.training.task.label_scores import (
    area_under_roc,
    at_thresholds,
    average_precision,
    best_threshold,
    mean_average_precision,
)
from desktop_app.core.training.task.label_table import text_lines, to_csv
from desktop_app.core.training.task.multi_label import MULTI_LABEL, compile_model
from desktop_app.core.training.task.multi_label_evaluation import evaluate

NAMES = ("cat", "dog", "outdoor")


def made(count=300, *, sharp=1.0, seed=0):
    """Truth, and probabilities of it; their logits are ``sharp`` times what they should be."""
    random = np.random.default_rng(seed)
    logits = random.normal(size=(count, 3)) * 2 - [0, 0.5, 3.5]
    truth = random.random((count, 3)) < 1 / (1 + np.exp(-logits))
    return truth.astype(np.uint8), 1 / (1 + np.exp(-sharp * logits))


def evaluated(truth, shares, part="validation", validation=None):
    paths = [Path(f"/data/{number}.png") for number in range(len(truth))]
    batches = (shares[start : start + 64] for start in range(0, len(shares), 64))
    return evaluate(batches, truth, part=part, classes=NAMES, paths=paths, validation=validation)


def test_average_precision_by_hand():
    scores = np.array([0.9, 0.8, 0.8, 0.3])
    # One step of one hit in 1, then one of two pictures with one hit: (1/2)(1/1) + (1/2)(2/3).
    assert average_precision(scores, np.array([True, True, False, False])) == pytest.approx(0.5 + 1 / 3)
    assert average_precision(scores, np.zeros(4, bool)) is None
    assert average_precision(scores, np.ones(4, bool)) == 1
    both = np.stack([np.array([True, True, False, False]), np.zeros(4, bool)], axis=1)
    assert mean_average_precision(np.stack([scores, scores], axis=1), both) == pytest.approx(0.5 + 1 / 3)


def test_area_under_the_curve_counts_pairs():
    scores = np.array([0.9, 0.8, 0.8, 0.3])
    # Of four pairs: 0.9 beats both, 0.8 ties with 0.8 and beats 0.3.
    assert area_under_roc(scores, np.array([True, True, False, False])) == pytest.approx(3.5 / 4)
    assert area_under_roc(scores, np.ones(4, bool)) is None


def test_the_best_threshold_has_the_highest_f1_and_needs_pictures():
    random = np.random.default_rng(1)
    truth = np.arange(200) < 40
    shares = np.where(truth, random.uniform(0.2, 0.6, 200), random.uniform(0, 0.25, 200))
    hits, wrong = at_thresholds(shares, truth)
    assert (hits[0], wrong[0], hits[100], wrong[100]) == (40, 160, 0, 0)
    chosen = best_threshold(hits, wrong)
    f1 = [2 * h / (h + w + 40) for h, w in zip(hits, wrong, strict=True)]
    assert f1[round(chosen * 100)] == max(f1[1:100])
    assert 0.2 < chosen < 0.3
    assert best_threshold(*at_thresholds(shares[31:], truth[31:])) == 0.5  # nine pictures have it


def test_an_evaluation_counts_what_it_says():
    truth, shares = made()
    found = evaluated(truth, shares)
    given = np.stack([shares[:, label] for label in range(3)], axis=1)
    for label, score in enumerate(found.labels):
        # The temperature is near 1 here, so only pictures close to the threshold may differ.
        gets = given[:, label] >= score.threshold
        assert abs(score.found - int((gets & (truth[:, label] > 0)).sum())) <= 8
        assert score.pictures == int(truth[:, label].sum())
        assert score.precision == score.found / (score.found + score.wrong)
        assert score.recall == score.found / score.pictures
        harmonic = 2 * score.precision * score.recall / (score.precision + score.recall)
        assert score.f1 == pytest.approx(harmonic)
        again = score.at(score.threshold)
        assert (again.found, again.wrong) == (score.found, score.wrong)
        assert score.at(0).recall == 1
        assert score.at(0.9).found <= score.found or score.threshold > 0.9
    figures = found.metrics
    assert figures["macro_f1"] == pytest.approx(np.mean([score.f1 for score in found.labels]))
    assert figures["mean_ap"] == pytest.approx(np.mean([score.average_precision for score in found.labels]))
    assert 0 < figures["exact_match"] < figures["micro_f1"] < 1
    assert [found.together[label][label] for label in range(3)] == [score.found for score in found.labels]
    assert found.tells_apart


def test_mistakes_are_the_most_confident_of_each_label():
    truth, shares = made()
    found = evaluated(truth, shares)
    for label, score in enumerate(found.labels):
        mistakes = found.mistakes_of(label)
        assert len(mistakes) == 8
        off = [1 - entry.probability if entry.has else entry.probability for entry in mistakes]
        assert off == sorted(off, reverse=True)
        for entry in mistakes:
            row = int(entry.path.stem)
            assert entry.has == bool(truth[row, label])
            assert entry.has == (entry.probability < score.threshold)


def test_a_temperature_mends_overconfidence_and_judges_the_test_pictures():
    truth, shares = made(2_000, sharp=3.0)
    validation = evaluated(truth, shares)
    assert validation.temperature == pytest.approx(3, rel=0.1)
    assert validation.error_after < 0.3 * validation.error_before
    tested = evaluated(*made(500, sharp=3.0, seed=1), "test", validation)
    assert tested.temperature == validation.temperature
    assert [score.threshold for score in tested.labels] == [score.threshold for score in validation.labels]
    assert tested.error_before is None
    alone = evaluated(*made(500, sharp=3.0, seed=1), "test")
    assert {score.threshold for score in alone.labels} == {0.5}
    assert alone.temperature == 1


def test_few_pictures_fit_no_temperature():
    assert evaluated(*made(99, sharp=3.0)).temperature == 1


def test_a_model_that_always_answers_alike_is_called_so():
    truth, _shares = made(50)
    found = evaluated(truth, np.full((50, 3), 0.4), "test")
    assert not found.tells_apart
    assert found.shortcomings[0].startswith("The model gives the same labels to all 50 test pictures")
    assert any("It never finds cat, dog" in sentence for sentence in found.shortcomings)
    assert found.labels[0].precision is None


def test_a_label_that_no_picture_has_is_not_measured():
    truth, shares = made(50)
    truth[:, 2] = 0
    found = evaluated(truth, shares, "test")
    assert (found.labels[2].average_precision, found.labels[2].auc) == (None, None)
    assert "No test picture has outdoor: not measured." in found.shortcomings
    known = [score.average_precision for score in found.labels[:2]]
    assert found.metrics["mean_ap"] == pytest.approx(np.mean(known))


def test_an_evaluation_survives_its_file():
    for part in ("validation", "test"):
        found = evaluated(*made(120), part)
        assert evaluation_from_json(evaluation_to_json(found).encode()) == found


@pytest.mark.parametrize(
    ("old", "new"),
    [('"label":0', '"label":7'), ('"hits":[', '"hits":[1,'), ('"mean_ap"', '"map"'), ('"found"', '"fund"')],
)
def test_a_damaged_file_is_refused(old, new):
    text = evaluation_to_json(evaluated(*made(120)))
    assert old in text
    with pytest.raises(ValueError, match=r"evaluation|labels|metrics"):
        evaluation_from_json(text.replace(old, new, 1).encode())


def test_tables_have_a_row_for_each_label():
    found = evaluated(*made(120), "test")
    rows = list(csv.DictReader(io.StringIO(to_csv(found))))
    assert [row["label"] for row in rows] == list(NAMES)
    assert float(rows[0]["average_precision"]) == pytest.approx(found.labels[0].average_precision, abs=1e-4)
    lines = list(text_lines(found, 2))
    assert len(lines) == 4
    worst = min(found.labels, key=lambda score: score.average_precision)
    assert lines[1].split()[0] == worst.name
    assert lines[-1] == "  and 1 label with better figures: see labels.csv in the run's folder"
    assert max(map(len, lines)) <= 80


def test_the_card_gets_thresholds_and_temperature():
    validation = evaluated(*made(400, sharp=2.0))
    tested = evaluated(*made(100, sharp=2.0, seed=1), "test", validation)
    fields = MULTI_LABEL.card(NAMES, tested, validation, None)
    spec = InputSpec(height=8, width=8)
    card = ModelCard(id="m", name="M", origin="trained", weights_sha256="0" * 64, input=spec, **fields)
    assert card.task == "multi-label"
    assert list(card.thresholds) == [score.threshold for score in validation.labels]
    assert card.calibration.temperature == validation.temperature
    assert card.metrics["test_mean_ap"] == card.metrics["mean_ap"] == round(tested.metrics["mean_ap"], 4)
    bare = MULTI_LABEL.card(NAMES, None, None, None)
    assert "thresholds" not in bare


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_loss_and_metric_agree_with_plain_numbers():
    import keras

    truth, shares = made(200)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Activation("linear")])
    compile_model(model, keras.optimizers.SGD(0.0), default_hyperparameters(), 3)
    figures = model.evaluate(shares.astype("f4"), truth.astype("f4"), verbose=0, return_dict=True)
    likelihood = np.where(truth > 0, np.log(shares), np.log(1 - shares)).sum(axis=1)
    assert figures["loss"] == pytest.approx(-likelihood.mean(), rel=1e-4)
    assert figures["mean_ap"] == pytest.approx(mean_average_precision(shares, truth > 0), abs=0.02)
    weights = np.where(truth > 0, 5.0, 1.0)
    loss = model.evaluate(
        shares.astype("f4"), truth.astype("f4"), sample_weight=weights.astype("f4"), verbose=0, batch_size=200
    )[0]
    weighted = np.where(truth > 0, 5 * np.log(shares), np.log(1 - shares)).sum(axis=1)
    assert loss == pytest.approx(-weighted.mean(), rel=1e-4)
