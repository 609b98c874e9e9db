"""What a fit does about questions on its data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core.datasets.answers import Answers
from desktop_app.core.datasets.question import Choice, DatasetQuestion, Question
from desktop_app.core.training import fit
from desktop_app.core.training.loop import pictures
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import Warned
from tests.core.datasets.odd_files import make_classes
from tests.core.training.tiny import stores_in, tiny_config

QUESTION = Question(
    "plane", "Which plane?", (Choice("the first", "--plane first", Answers()),), "The files have 9 planes."
)


def train(tmp_path, monkeypatch, change):
    """Train as far as the split; ``change`` makes of the report what the check finds."""
    real = pictures.examine_corrected
    monkeypatch.setattr(pictures, "examine_corrected", lambda *words, **more: change(real(*words, **more)))
    data = make_classes(tmp_path / "data", {"cats": 6, "dogs": 6})
    runs, library = stores_in(tmp_path)
    events = []
    result = fit.train(tiny_config(data), events.append, TrainingControl().token, runs=runs, library=library)
    return result, [event.message for event in events if isinstance(event, Warned)], runs


def raising(_report):
    raise DatasetQuestion(QUESTION)


@pytest.mark.parametrize(
    "change", [raising, lambda report: replace(report, questions=(QUESTION,))], ids=["raised", "reported"]
)
def test_a_fit_on_data_that_ask_something_ends_with_the_question(tmp_path, monkeypatch, change):
    result, _warned, _runs = train(tmp_path, monkeypatch, change)
    assert result.status == "failed"
    assert result.reason.text == "The files have 9 planes. Which plane?"
    assert result.reason.advice == "Start a new run, and choose how the data are read."


def test_what_stays_open_and_what_was_decided_is_noted(tmp_path, monkeypatch):
    optional = replace(QUESTION, required=False, standing="The first plane of each file is used.")

    def change(report):
        return replace(report, questions=(optional,), answers=Answers(masks=False), left_out="2 PDF files")

    def no_split(*_words, **_more):
        raise DatasetQuestion(QUESTION)  # far enough

    monkeypatch.setattr(pictures, "split_examples", no_split)
    result, warned, runs = train(tmp_path, monkeypatch, change)
    assert {"The first plane of each file is used.", "Left out: 2 PDF files."} <= set(warned)
    log = (Path(runs.get(result.run_id).folder) / "log.txt").read_text(encoding="utf-8")
    assert "How the data are read: Masks are not used" in log
