"""``sightline labels``: three formats, and what it says beside them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from desktop_app.cli import main
from desktop_app.core.datasets.answers import Answers
from desktop_app.core.datasets.corrections.store import CorrectionStore
from desktop_app.core.datasets.decision import KEEP
from desktop_app.core.datasets.examine import doctor
from desktop_app.core.datasets.question import Choice, DatasetQuestion, Question
from desktop_app.core.networks.efficientnet_lite import FEATURES

QUESTION = Question(
    "classes-at", "Which?", (Choice("2 levels down", "--classes-at 2", Answers(classes_at=2)),)
)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Red and blue pictures, one of each in the other's folder, and a copy; colours stand for the network."""
    random = np.random.default_rng(0)
    folder = tmp_path / "data"
    for name in ("red", "blue", "rare"):
        (folder / name).mkdir(parents=True)
    for name, colour in (("red", (200, 30, 30)), ("blue", (30, 30, 200))):
        for number in range(12):
            pixels = random.normal(colour, 25, (32, 32, 3)).clip(0, 255).astype(np.uint8)
            where = {"red": "blue", "blue": "red"}[name] if number == 0 else name
            Image.fromarray(pixels).save(folder / where / f"{name}{number}.png")
    shutil.copy(folder / "red/red1.png", folder / "rare/copy.png")

    def compute(pixels):
        means = pixels.reshape(len(pixels), -1, 3).mean(axis=1).astype(np.float32)
        return np.concatenate([means, np.zeros((len(means), FEATURES - 3), np.float32)], axis=1)

    monkeypatch.setattr("desktop_app.core.features.extract.extractor", lambda _library: compute)
    return folder


def test_text_names_each_picture_with_both_classes(data, capsys):
    assert main(["labels", str(data)]) == 0
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert lines[0] == "3 labels of 24 pictures may be wrong, the least probable first."
    assert "rare -> red" in lines[1]
    assert "the same picture is in rare, red" in lines[1]
    assert {line.split()[0].replace("\\", "/") for line in lines[2:]} == {"blue/red0.png", "red/blue0.png"}
    assert shown.err == "Not checked: rare (fewer than 5 pictures).\n"


def test_json_has_the_figures(data, capsys):
    assert main(["labels", str(data), "--format", "json", "--top", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["checked"], found["found"], found["not_checked"]) == (24, 3, ["rare"])
    copy, other = found["labels"]
    assert (copy["kind"], copy["copies_in"]) == ("copy", ["rare", "red"])
    assert other["kind"] == "improbable"
    assert other["probability"] > 0.5 > other["label_probability"]


def test_csv_has_a_row_for_each(data, capsys):
    assert main(["labels", str(data), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["kind"] for row in rows] == ["copy", "improbable", "improbable"]
    assert rows[0]["copies_in"] == "rare; red"


def test_what_was_decided_is_not_listed(data, capsys):
    paths = [data / "rare/copy.png", data / "blue/red0.png", data / "red/blue0.png"]
    CorrectionStore(data).change(data, dict.fromkeys(paths, KEEP))
    assert main(["labels", str(data)]) == 0
    assert capsys.readouterr().out == "No improbable labels found.\n"


def test_a_correction_that_is_lost_is_said(data, capsys):
    CorrectionStore(data).change(data, {data / "rare/copy.png": KEEP})
    (data / "rare/copy.png").write_bytes((data / "red/red2.png").read_bytes())
    assert main(["labels", str(data)]) == 0
    assert "1 correction not applied: its file has changed since." in capsys.readouterr().err


def test_data_that_cannot_be_used_are_wrong_usage(tmp_path, capsys):
    assert main(["labels", str(tmp_path / "nothing")]) == 2
    assert "nothing" in capsys.readouterr().err


def test_a_question_about_the_data_is_asked_and_answered_by_an_option(data, capsys, monkeypatch):
    real = doctor.examine
    open_ones = []

    def examine(data, *, answers, **more):
        if answers.classes_at is None:
            raise DatasetQuestion(QUESTION)
        report = real(data, answers=answers.changed(classes_at=None), **more)
        return replace(report, questions=tuple(open_ones))

    monkeypatch.setattr(doctor, "examine", examine)
    assert main(["labels", str(data)]) == 2
    assert "  --classes-at 2  2 levels down [suggested]" in capsys.readouterr().err.splitlines()
    assert main(["labels", str(data), "--classes-at", "2"]) == 0
    assert main(["labels", str(data)]) == 0
    open_ones.append(QUESTION)
    assert main(["labels", str(data)]) == 2
