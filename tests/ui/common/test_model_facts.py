from pathlib import Path

import pytest

from desktop_app.ui.common.model_facts import entry_title, facts, is_missing, origin
from desktop_app.workers.classify.messages import ModelEntry
from tests.ui.fakes import entry, missing_vgg19

BROKEN = ModelEntry("broken", "Broken", None, Path("/m"), problem="Its card is missing.")


def test_a_card_in_words():
    told = dict(facts(entry(metrics={"top1": 0.921, "top5": 0.99}, parameters=272_474)))
    assert told == {
        "Classes": "10",
        "Input": "32 \N{MULTIPLICATION SIGN} 32 RGB",
        "Image fit": "The whole picture",
        "Accuracy": "92.1% on test photos, 99.0% top 5",
        "Size": "3.4 MB",
        "Parameters": "272,474",
        "Licence": "MIT",
        "Source": "Trained on CIFAR-10",
    }


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        (
            {"val_top1": 0.99, "top1": 0.98, "pictures": 2000, "test_top1": 0.98, "top3": 0.996},
            "98.0% on 2,000 test pictures, 99.6% top 3",
        ),
        ({"val_top1": 0.5, "top1": 0.5, "pictures": 1}, "50.0% on 1 validation picture"),
        (
            {"top1": 0.976, "pictures": 41, "test_top1": 0.976, "balanced_accuracy": 0.5},
            "97.6% on 41 test pictures, 50.0% balanced (every class counts the same)",
        ),
        ({"top1": 0.9, "test_top1": 0.9, "balanced_accuracy": 0.89}, "90.0% on test pictures"),
        ({"top1": 0.5, "test_top1": 0.5}, "50.0% on test pictures"),
        ({"val_top1": 0.9}, ""),
        ({"top10": 0.9, "top2": 0.8, "topmost": 3.0}, "80.0% top 2, 90.0% top 10"),
    ],
)
def test_a_trained_model_says_what_it_was_measured_on(metrics, words):
    told = dict(facts(entry(metrics=metrics, data="600 training pictures of 2 classes from pets")))
    assert told.get("Accuracy", "").replace("\N{NO-BREAK SPACE}", " ") == words
    assert told["Data"] == "600 training pictures of 2 classes from pets"


def test_what_is_not_known_is_left_out():
    told = dict(facts(entry(metrics={}, licence="", source="")))
    assert told.keys() == {"Classes", "Input", "Image fit", "Size"}


def test_the_published_model_is_described_before_its_download():
    assert is_missing(missing_vgg19())
    assert origin(missing_vgg19()) == "Not installed"
    assert dict(facts(missing_vgg19()))["Size"] == "575 MB"


def test_a_damaged_model_is_not_a_missing_one():
    assert not is_missing(BROKEN)
    assert origin(BROKEN) == "Damaged"
    assert facts(BROKEN) == []
    assert entry_title(BROKEN) == "Broken (cannot be used)"
