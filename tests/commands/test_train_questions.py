"""What `sightline train` asks about the data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.cli import main
from desktop_app.core.datasets.answers import Answers
from desktop_app.core.datasets.examine import doctor
from desktop_app.core.datasets.question import Choice, DatasetQuestion, Question

LEVELS = Question(
    "classes-at",
    "Which level holds the classes?",
    (
        Choice("2 levels down: a and b", "--classes-at 2", Answers(classes_at=2), "12 pictures."),
        Choice("1 level down: x", "--classes-at 1", Answers(classes_at=1), pictures=(Path("x/1.png"),)),
    ),
    "The folders are nested.",
)
GROUPS = replace(LEVELS, key="groups", text="Keep them together?", required=False, standing="They are apart.")


def run(*words):
    return main(["train", *map(str, words)])


@pytest.fixture
def asking(monkeypatch):
    """Ask about the level unless it is known, and in the report what the list holds."""
    real, asked = doctor.examine, []

    def examine(data, *, answers, **more):
        if answers.classes_at is None:
            raise DatasetQuestion(LEVELS)
        report = real(data, answers=answers.changed(classes_at=None), **more)
        return replace(report, answers=answers, questions=tuple(asked), left_out="2 PDF files")

    monkeypatch.setattr(doctor, "examine", examine)
    return asked


def test_a_question_is_printed_with_the_option_of_each_answer(fit, pets, asking, capsys):
    assert run(pets, "--recipe", "mlp") == 2
    assert fit.config is None
    assert capsys.readouterr().err.splitlines() == [
        "The folders are nested.",
        "Which level holds the classes?",
        "  --classes-at 2  2 levels down: a and b (12 pictures) [suggested]",
        "  --classes-at 1  1 level down: x",
        "Add one of these options; the answer is remembered for these data.",
    ]


def test_a_question_is_an_event_for_a_program(fit, pets, asking, capsys):
    assert run(pets, "--recipe", "mlp", "--format", "jsonl") == 2
    (event,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (event["event"], event["key"], event["required"]) == ("question", "classes-at", True)
    assert event["choices"][1] == {
        "text": "1 level down: x",
        "option": "--classes-at 1",
        "detail": "",
        "pictures": [str(Path("x/1.png"))],
        "reading": None,
    }


def test_an_answer_is_used_shown_and_remembered(fit, pets, asking, capsys):
    assert run(pets, "--recipe", "mlp", "--classes-at", "2") == 0
    shown = capsys.readouterr()
    assert "Classes are 2 levels down." in shown.out.splitlines()
    assert "Left out: 2 PDF files." in shown.err.splitlines()
    assert fit.config.answers == Answers(classes_at=2)
    assert run(pets, "--recipe", "mlp") == 0
    assert run(pets, "--recipe", "mlp", "--ask-again") == 2


def test_what_must_be_answered_ends_the_command_and_the_rest_is_a_warning(fit, pets, asking, capsys):
    asking.append(GROUPS)
    assert run(pets, "--recipe", "mlp", "--classes-at", "2") == 0
    lines = capsys.readouterr().err.splitlines()
    assert "The folders are nested. They are apart." in lines
    assert lines[-2] == "To choose, add one of these options; the answer is remembered for these data."
    assert run(pets, "--recipe", "mlp", "--format", "jsonl") == 0
    (examined,) = (json.loads(line) for line in capsys.readouterr().out.splitlines() if '"examined"' in line)
    assert examined["decided"] == ["Classes are 2 levels down"]
    assert [question["key"] for question in examined["questions"]] == ["groups"]
    asking[:] = [replace(GROUPS, required=True)]
    fit.config = None
    assert run(pets, "--recipe", "mlp") == 2
    assert fit.config is None
    assert "Keep them together?" in capsys.readouterr().err.splitlines()
