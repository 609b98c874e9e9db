"""Classifiers whose outputs are labels, amounts or features; `test_classifier` has those of classes."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.classify.naming import NotAClassifier
from desktop_app.core.classify.results import Result, format_results
from desktop_app.core.classify.results_csv import CsvStyle
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.store import Library
from tests.meanings import AMOUNTS, FEATURES, LABELS, MeansNetwork, card_of, install, plain


def classifier(changes, kind="logits"):
    return Classifier(card_of(changes), MeansNetwork(kind))


def test_each_label_has_its_own_probability_and_threshold():
    found = classifier(LABELS).predict([plain(128, 64, 0)], top=1)[0]
    assert [entry.label for entry in found.labels] == ["red", "green", "blue"]
    assert [entry.probability for entry in found.labels] == pytest.approx(
        [1 / (1 + np.exp(-number)) for number in (2, 1, 0)], abs=1e-6
    )
    assert [entry.threshold for entry in found.labels] == [0.5, 0.9, 0.5]
    assert [entry.right for entry in found.labels] == [True, False, True]


def test_labels_are_named_together():
    found = classifier(LABELS).predict([plain(255, 255, 0)])[0]
    assert [entry.label for entry in found.right] == ["red", "green", "blue"]
    assert found.name == "red, green, blue?"  # 0.98, 0.98 of 0.9 and 0.50 of 0.5
    assert found.doubtful
    assert found.plain == "red, green, blue"
    assert found.sentence == "not sure, perhaps red 98.2%, green 98.2%, blue 50.0%"


def test_no_label_is_an_answer_too():
    changes = LABELS | {"thresholds": (0.99, 0.999, 0.95)}
    found = classifier(changes).predict([plain(32, 0, 0)])[0]
    assert (found.name, found.doubtful) == ("no label", False)
    assert found.sentence == "no label (most probable: red, 62.2%)"
    near = classifier(LABELS | {"thresholds": (0.55, 0.9, 0.55)}).predict([plain(0, 0, 0)])[0]
    assert (near.name, near.doubtful) == ("no label?", True)


def test_labels_without_thresholds_are_right_from_one_half_on():
    found = classifier({"task": "multi-label"}).predict([plain(1, 0, 255)])[0]
    assert {entry.threshold for entry in found.labels} == {0.5}


def test_unknown_outputs_of_labels_are_settled_by_their_range():
    one = classifier({"task": "multi-label"}, "unknown")
    one.warm_up()
    assert one.kind == "logits"  # white gives 4


def test_amounts_are_the_numbers_with_name_and_unit():
    found = classifier(AMOUNTS).predict([plain(128, 64, 0)], top=1)[0]
    assert [each.value for each in found.amounts] == [2, 1, 0]
    assert found.name == found.sentence == found.plain == "red 2 EUR, green 1, blue 0 kg"
    assert (found.labels, found.doubtful, found.figure) == ((), False, 2)


def test_features_have_length_one_and_are_no_prediction():
    embedding = classifier(FEATURES)
    outputs = embedding.outputs([plain(30, 40, 0)])
    assert embedding.probabilities(outputs) == pytest.approx(np.array([[0.6, 0.8, 0.0]]))
    with pytest.raises(NotAClassifier, match="gives features, not labels") as refused:
        embedding.predict([plain(30, 40, 0)])
    assert "Find similar" in refused.value.reason.sentence


def test_the_parts_of_a_thin_picture_each_count_for_the_labels_that_they_show():
    parts = np.stack([plain(255, 0, 0), plain(0, 0, 255), plain(0, 0, 0)])
    found = classifier(LABELS).predict_prepared([parts])[0]
    by_name = {entry.label: entry.probability for entry in found.labels}
    assert by_name["red"] == by_name["blue"] == pytest.approx(0.982, abs=1e-3)
    assert found.part is None
    (amounts,) = classifier(AMOUNTS).predict_prepared([parts])
    assert [each.value for each in amounts.amounts] == pytest.approx([255 / 192, 0, 255 / 192])


def test_labels_and_amounts_need_an_output_each():
    two = card_of(LABELS | {"classes": card_of(LABELS).model_dump()["classes"][:2], "thresholds": ()})
    with pytest.raises(ModelError, match="3 outputs"):
        Classifier(two, MeansNetwork())


@pytest.mark.engine
def test_a_model_with_features_is_refused_before_it_is_loaded(tmp_path):
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    install(library, FEATURES)
    with pytest.raises(NotAClassifier):
        load_classifier("colours", library)


@pytest.mark.engine
@pytest.mark.parametrize("changes", [LABELS, AMOUNTS])
def test_openvino_answers_for_labels_and_amounts(tmp_path, changes):
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    install(library, changes)
    loaded = load_classifier("colours", library)
    assert loaded.by.engine == "openvino", loaded.by.reason
    expected = classifier(changes).predict([plain(128, 64, 0)])[0]
    found = loaded.predict([plain(128, 64, 0)])[0]
    assert found.name == expected.name
    assert found.figure == pytest.approx(expected.figure, abs=1e-5)


@pytest.mark.parametrize("rows", ["pictures", "labels"])
def test_results_of_models_for_different_things_stand_together(rows):
    """As when somebody changes the model between two pictures in the window."""
    found = [
        Result(
            f"{name}.png", name, Classifier(card_of(changes), MeansNetwork()).predict([plain(128, 64, 0)])[0]
        )
        for name, changes in (("classes", {}), ("labels", LABELS), ("amounts", AMOUNTS))
    ]
    written = list(csv.DictReader(io.StringIO(format_results(found, "csv", "classes", CsvStyle(rows)))))
    assert {row["model"] for row in written} == {"classes", "labels", "amounts"}
    last = written[-1]
    if rows == "labels":
        assert (last["label"], last["value"], last["probability"]) == ("blue", "0.0", "")
    else:
        assert (last["amount1"], last["value1"], last["label1"]) == ("red", "2.0", "")
        assert (written[0]["threshold1"], written[1]["threshold1"]) == ("", "0.5")
