"""The commands with models that give labels, amounts or features."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from desktop_app.cli import main
from desktop_app.commands import model_options
from desktop_app.core.library.store import Library
from desktop_app.core.networks.outputs import TASK_WORDS
from tests.meanings import AMOUNTS, FEATURES, LABELS, card_of, install


@pytest.fixture
def picture(tmp_path):
    Image.new("RGB", (20, 10), (128, 250, 0)).save(tmp_path / "a.png")
    return tmp_path / "a.png"


def add(changes):
    """Put a model into the library whose weights nobody reads."""
    Library.default().add(card_of(changes), lambda path: path.write_bytes(b"no weights"))


def test_the_options_know_all_tasks():
    assert set(model_options.TASKS) == set(TASK_WORDS)


def test_thresholds_are_set_and_shown(capsys):
    add(LABELS)
    words = ["models", "set", "colours", "--threshold", "0.6", "--threshold", "red=0.25"]
    assert main(words) == 0
    assert capsys.readouterr().out == "  thresholds red 0.25, green 0.6, blue 0.6\n"
    assert main(["models", "show", "colours"]) == 0
    shown = capsys.readouterr().out
    assert "outputs    several labels at once" in shown
    assert "labels     3: red, green, blue" in shown
    assert "thresholds red 0.25, green 0.6, blue 0.6" in shown


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["--threshold", "pink=0.4"], 2, "no label 'pink'"),
        (["--threshold", "red=4"], 2, "not between 0 and 1"),
        ([], 2, "There is nothing to change."),
    ],
)
def test_thresholds_that_make_no_sense_are_refused(capsys, words, status, told):
    add(LABELS)
    assert main(["models", "set", "colours", *words]) == status
    assert told in capsys.readouterr().err


def test_a_threshold_must_be_a_number(capsys):
    with pytest.raises(SystemExit):
        main(["models", "set", "colours", "--threshold", "red=much"])
    assert "'red=much' is not a number, or LABEL=NUMBER" in capsys.readouterr().err


def test_amounts_are_listed_with_their_units(capsys):
    add(AMOUNTS)
    assert main(["models", "show", "colours"]) == 0
    assert "amounts    3: red (EUR), green, blue (kg)" in capsys.readouterr().out
    main(["models", "list", "--format", "json"])
    listed = {entry["id"]: entry["task"] for entry in json.loads(capsys.readouterr().out)}
    assert (listed["colours"], listed["everyday"]) == ("regression", "classification")


@pytest.mark.parametrize("words", [[], ["--format", "json"]])
def test_features_are_no_labels(capsys, picture, words):
    add(FEATURES)
    for source in (picture, picture.parent):
        assert main(["classify", str(source), "--model", "colours", *words]) == 2
        told = capsys.readouterr()
        assert "gives features, not labels" in told.err
        assert "sightline similar PICTURE FOLDER --model colours" in told.err
        assert not told.out


def test_features_need_a_model_for_them(capsys, picture):
    add(LABELS)
    assert main(["similar", str(picture), str(picture.parent), "--model", "colours"]) == 2
    assert "can't compare pictures" in capsys.readouterr().err


@pytest.mark.engine
def test_pictures_are_compared_by_a_model_for_features(capsys, picture):
    install(Library.default(), FEATURES)
    for name, colour in (("like", (120, 240, 0)), ("unlike", (0, 0, 250))):
        Image.new("RGB", (20, 10), colour).save(picture.with_name(f"{name}.png"))
    words = ["similar", str(picture), str(picture.parent), "--model", "colours", "--format", "json"]
    assert main(words) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["path"].rpartition("/")[2] for row in rows] == ["like.png", "unlike.png"]
    assert rows[1]["cosine"] == 0


@pytest.mark.engine
def test_labels_of_a_picture_and_a_folder(capsys, picture):
    install(Library.default(), LABELS)
    words = ["--model", "colours", "--format", "json", "--precision", "float32"]
    found = []
    for source in (picture, picture.parent):
        assert main(["classify", str(source), *words, "--top", "1"]) == 0
        (result,) = json.loads(capsys.readouterr().out)["results"]
        del result["seconds"]
        found.append(result)
    assert found[0] == found[1]
    assert found[0]["labels"] == ["green", "red", "blue"]
    expected = pytest.approx([0.980281, 0.880797, 0.5], abs=2e-6)
    assert [each["probability"] for each in found[0]["predictions"]] == expected
