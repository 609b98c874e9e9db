from pathlib import Path

from desktop_app.ui.library.model_facts import entry_title, facts, is_missing, origin
from desktop_app.workers.messages import ModelEntry
from tests.ui.fakes import entry, missing_vgg19

BROKEN = ModelEntry("broken", "Broken", None, Path("/m"), problem="Its card is missing.")


def test_a_card_in_words():
    told = dict(facts(entry(metrics={"top1": 0.921, "top5": 0.99}, parameters=272_474)))
    assert told == {
        "Classes": "10",
        "Input": "32 \N{MULTIPLICATION SIGN} 32 RGB",
        "Accuracy": "92.1\N{NO-BREAK SPACE}% top 1, 99.0\N{NO-BREAK SPACE}% top 5",
        "Size": "3.4 MB",
        "Parameters": "272,474",
        "Licence": "MIT",
        "Source": "Trained on CIFAR-10",
    }


def test_what_is_not_known_is_left_out():
    told = dict(facts(entry(metrics={}, licence="", source="")))
    assert told.keys() == {"Classes", "Input", "Size"}


def test_the_published_model_is_described_before_its_download():
    assert is_missing(missing_vgg19())
    assert origin(missing_vgg19()) == "Not installed"
    assert dict(facts(missing_vgg19()))["Size"] == "575 MB"


def test_a_damaged_model_is_not_a_missing_one():
    assert not is_missing(BROKEN)
    assert origin(BROKEN) == "Damaged"
    assert facts(BROKEN) == []
    assert entry_title(BROKEN) == "Broken (cannot be used)"
