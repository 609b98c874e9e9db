from __future__ import annotations

import json
from dataclasses import replace

from desktop_app.core.classify.prediction import Prediction, ScoredLabel
from desktop_app.core.classify.results import Result, format_results
from desktop_app.core.inference.choice import AnsweredBy
from desktop_app.core.kinds.kind import Kind

TABBY = Prediction(
    (ScoredLabel(1, "n02123045", "tabby", 0.83), ScoredLabel(2, "n02124075", "Egyptian_cat", 0.1)), sure=True
)
BY = AnsweredBy("openvino", "float32", "CPU (2 cores)", processor="a processor")
RESULTS = [
    Result("a.jpg", "vgg19", TABBY, 0.3141, by=BY),
    Result("=b.jpg", "vgg19", reason="It is empty."),
]


def test_json_is_the_documented_document():
    document = json.loads(format_results(RESULTS, "json", "vgg19"))
    assert document["model"] == "vgg19"
    first, second = document["results"]
    assert first["predictions"][0] == {
        "rank": 1,
        "class_id": "n02123045",
        "label": "tabby",
        "probability": 0.83,
    }
    assert (first["source"], first["status"], first["seconds"]) == ("a.jpg", "ok", 0.3141)
    assert second == {"source": "=b.jpg", "status": "error", "reason": "It is empty."}


def test_json_names_the_model_of_an_answer_by_another_one():
    results = json.loads(format_results(RESULTS, "json", "everyday"))["results"]
    assert results[0]["model"] == "vgg19"
    assert "model" not in json.loads(format_results(RESULTS, "json", "vgg19"))["results"][0]


def test_json_names_what_computed_most_and_the_results_that_something_else_computed():
    other = AnsweredBy("tensorflow", "float32", "GPU: a chip", reason="It was chosen.")
    several = [RESULTS[0], replace(RESULTS[0], by=other), RESULTS[0], replace(RESULTS[0], by=None)]
    document = json.loads(format_results(several, "json", "vgg19"))
    assert list(document) == ["model", "engine", "results"]
    assert document["engine"] == {
        "name": "openvino",
        "precision": "float32",
        "device": "CPU (2 cores)",
        "processor": "a processor",
    }
    assert ["engine" in result for result in document["results"]] == [False, True, False, True]
    assert document["results"][1]["engine"] == {
        "name": "tensorflow",
        "precision": "float32",
        "device": "GPU: a chip",
        "reason": "It was chosen.",
    }
    assert document["results"][3]["engine"] is None


def test_a_document_of_an_earlier_job_names_no_engine():
    assert list(json.loads(format_results([replace(RESULTS[0], by=None)], "json", "vgg19"))) == [
        "model",
        "results",
    ]


def test_text_is_for_a_person():
    text = format_results([*RESULTS, Result("c", "vgg19", Prediction(TABBY.labels, sure=False))], "text", "x")
    assert "a.jpg\n   83.0%  tabby\n" in text
    assert "=b.jpg\n  could not be read: It is empty." in text
    assert "c  (not sure)" in text


def test_pictures_unlike_the_training_pictures_are_marked_in_every_form():
    told = [Result(name, "m", replace(TABBY, distance=distance)) for name, distance in (("a", 2), ("b", 0.5))]
    text = format_results(told, "text", "m")
    assert "a  (unlike the training pictures)\n   83.0%  tabby\n" in text
    assert "b\n" in text
    document = json.loads(format_results([*told, RESULTS[0]], "json", "m"))
    assert [result.get("unlike") for result in document["results"]] == [True, False, None]


def with_kind(probability, *, first, sure=True):
    return Result("a.jpg", "vgg19", Prediction(TABBY.labels, sure, Kind("cat", probability, 5, first=first)))


def test_json_has_the_kind_beside_what_was_documented_before():
    plain = replace(RESULTS[0], by=None).as_json("vgg19")
    found = with_kind(0.9300004, first=False).as_json("vgg19")
    assert found.pop("kind") == {"name": "cat", "probability": 0.93, "classes": 5, "first": False}
    assert found == plain | {"seconds": 0.0}
    assert "kind" not in plain


def test_text_begins_with_what_is_read_first():
    first = with_kind(0.93, first=True, sure=False).as_text()
    assert first.startswith("a.jpg  cat, 93.0% (all 5 kinds of cat together)\n   83.0%  tabby\n")
    beside = with_kind(0.93, first=False).as_text()
    assert beside.startswith(
        "a.jpg  tabby, 83.0% (cat, 93.0% for all 5 kinds of cat together)\n   83.0%  tabby"
    )
    assert with_kind(0.4, first=False, sure=False).as_text().startswith("a.jpg  (not sure)\n")


def test_unlike_comes_before_the_kind():
    cat = with_kind(0.93, first=True, sure=False)
    result = replace(cat, prediction=replace(cat.prediction, distance=1.5))
    assert result.as_text().startswith("a.jpg  (unlike the training pictures)\n   83.0%  tabby\n")
    found = result.as_json("vgg19")
    assert (found["kind"]["name"], found["unlike"]) == ("cat", True)
