"""The service with models that give several labels, amounts or features."""

from __future__ import annotations

import pytest

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.library.store import Library
from desktop_app.core.service.openapi import document
from tests.core.service.running import picture
from tests.meanings import AMOUNTS, FEATURES, LABELS, MeansNetwork, card_of


@pytest.fixture
def ask(make_client, loader, monkeypatch):
    """Ask a model of a task about a red picture."""

    def ask(changes):
        client = make_client()
        Library.default().add(card_of(changes, "other"), lambda path: path.write_bytes(b"no weights"))
        classifier = Classifier(card_of(changes, "other"), MeansNetwork())
        monkeypatch.setattr(type(loader), "__call__", lambda *_arguments: classifier)
        return client.post(
            "/api/v1/classify_image?model=other", data=picture((255, 0, 0)), content_type="image/png"
        )

    return ask


def test_each_label_has_its_probability_and_threshold(ask):
    found = ask(LABELS).get_json()
    assert (found["task"], found["message"], found["labels"]) == ("multi-label", "red, blue", ["red", "blue"])
    assert [(each["label"], each["threshold"], each["right"]) for each in found["predictions"]] == [
        ("red", 0.5, True),
        ("green", 0.9, False),
        ("blue", 0.5, True),
    ]
    assert sum(each["probability"] for each in found["predictions"]) > 1.5


def test_amounts_have_names_and_units(ask):
    found = ask(AMOUNTS).get_json()
    assert (found["task"], found["predictions"]) == ("regression", [])
    assert found["amounts"][0] == {"class_id": "id-red", "name": "red", "value": 3.984375, "unit": "EUR"}
    assert found["message"] == "red 3.984 EUR, green 0, blue 0 kg"


def test_features_are_refused_with_the_way_to_find_similar(ask):
    answer = ask(FEATURES)
    assert answer.status_code == 422
    assert "gives features, not labels" in answer.get_json()["error"]
    assert "Find similar" in answer.get_json()["advice"]


def test_the_document_describes_them():
    schema = document(needs_token=False)["components"]["schemas"]["Answer"]["properties"]
    assert {"task", "labels", "amounts"} <= schema.keys()
