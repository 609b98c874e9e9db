from __future__ import annotations

import csv
import json
import os

import pytest
from PIL import Image

from desktop_app.cli import main
from desktop_app.commands import classify_output
from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.store import Library
from tests.feature_model import install_feature_model
from tests.tiny_model import install_cats_model, install_colour_model

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def installed():
    install_colour_model(Library.default())


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, colour in (("1 red", (250, 0, 0)), ("2 grün", (0, 250, 0)), ("10 blue", (0, 0, 250))):
        Image.new("RGB", (30, 20), colour).save(folder / f"{name}.png")
    return folder


def run(*words):
    return main(["classify", "--model", "colours", *map(str, words)])


def test_prints_one_json_document_in_the_order_of_the_sources(pictures, capsys):
    assert run(pictures / "10 blue.png", pictures, "--format", "json", "--top", "2") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["model"] == "colours"
    labels = [result["predictions"][0]["label"] for result in document["results"]]
    assert labels == ["blue", "red", "green", "blue"]
    first = document["results"][0]["predictions"]
    assert [entry["rank"] for entry in first] == [1, 2]
    assert first[0]["class_id"] == "id-blue"


def test_a_bad_source_is_named_and_the_rest_done(pictures, tmp_path, capsys):
    (pictures / "11 bad.jpg").write_bytes(b"not a picture")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run(pictures, tmp_path / "gone.jpg", empty, "http://127.0.0.1/a.jpg", "--format", "json") == 1
    output = capsys.readouterr()
    results = json.loads(output.out)["results"]
    assert [result["status"] for result in results] == ["ok", "ok", "ok", "error", "error", "error", "error"]
    assert all(result["reason"].endswith(".") for result in results[3:])
    assert "gone.jpg" in output.err
    assert "No pictures in this folder" in results[5]["reason"]


def test_names_that_the_system_refuses_are_named_and_the_rest_done(pictures, capsys):
    assert run("a" * 300, "b\0c", pictures / "1 red.png", "--format", "json") == 1
    results = json.loads(capsys.readouterr().out)["results"]
    assert [result["status"] for result in results] == ["error", "error", "ok"]


def test_a_folder_without_permission_is_named(pictures, capsys, monkeypatch):
    """Permission is taken away by hand, since the tests may run as root."""
    closed = pictures / "closed"
    closed.mkdir()
    original = os.scandir

    def scandir(path):
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert run(pictures, "--format", "json") == 1
    results = json.loads(capsys.readouterr().out)["results"]
    assert [result["status"] for result in results] == ["ok", "ok", "ok", "error"]
    assert results[-1]["source"] == str(closed)


def test_a_picture_that_the_model_fails_on_does_not_end_the_rest(pictures, capsys, monkeypatch):
    original, calls = Classifier.predict_prepared, []

    def predict_prepared(self, images, **options):
        calls.append(images)
        if len(calls) == 2:
            raise ModelError("There is not enough memory.", "Close other programs.")
        return original(self, images, **options)

    monkeypatch.setattr(Classifier, "predict_prepared", predict_prepared)
    assert run(*sorted(pictures.iterdir()), "--format", "json") == 1
    results = json.loads(capsys.readouterr().out)["results"]
    assert [result["status"] for result in results] == ["ok", "error", "ok"]
    assert results[1]["reason"] == "There is not enough memory. Close other programs."


def test_text_for_a_person_says_who_answered(pictures, capsys):
    assert run(pictures / "1 red.png") == 0
    output = capsys.readouterr()
    assert "1 red.png\n" in output.out
    assert "red\n" in output.out
    assert "Colours (colours) runs on the CPU" in output.err


def test_what_a_folder_leaves_out_is_said_beside_links_too(pictures, capsys):
    (pictures / "clip.mp4").write_bytes(b"\0\1")
    assert run(pictures, "http://127.0.0.1:9/x.png") == 1
    assert "1 video left out. Videos are not read" in capsys.readouterr().err


def test_csv_goes_to_a_file(pictures, tmp_path, capsys):
    target = tmp_path / "result.csv"
    assert run(pictures, "--format", "csv", "--output", target) == 0
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["result"], row["label1"], row["status"]) for row in rows] == [
        (colour, colour, "ok") for colour in ("red", "green", "blue")
    ]
    assert {row["sure"] for row in rows} <= {"yes", "no"}
    assert capsys.readouterr().out == ""


def test_csv_has_a_row_for_each_label_on_request(pictures, tmp_path):
    target = tmp_path / "result.csv"
    assert run(pictures, "--format", "csv", "--csv-rows", "labels", "--output", target) == 0
    assert len(list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))) == 9


@pytest.mark.parametrize(
    ("words", "excel", "marked"),
    [((), True, True), ((), False, False), (("--csv-bom",), False, True), (("--no-csv-bom",), True, False)],
)
def test_csv_begins_with_a_byte_order_mark_where_excel_opens_it(
    pictures, tmp_path, monkeypatch, words, excel, marked
):
    monkeypatch.setattr(classify_output, "marks_by_default", lambda: excel)
    target = tmp_path / "result.csv"
    assert run(pictures, "--format", "csv", *words, "--output", target) == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbf") is marked


@pytest.mark.parametrize(("words", "marked"), [((), False), (("--csv-bom",), True)])
def test_printed_csv_has_a_byte_order_mark_only_on_request(pictures, monkeypatch, capsys, words, marked):
    monkeypatch.setattr(classify_output, "marks_by_default", lambda: True)
    assert run(pictures, "--format", "csv", *words) == 0
    assert capsys.readouterr().out.startswith("\ufeff") is marked


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_as_output_stays_a_pipe(pictures, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run(pictures / "1 red.png", "--format", "json", "--output", pipe) == 0
    assert json.loads(os.read(reading, 65536))["results"][0]["status"] == "ok"
    os.close(reading)
    assert pipe.is_fifo()


def test_an_output_that_cannot_be_written_is_wrong_usage(pictures, tmp_path, capsys):
    assert run(pictures, "--output", tmp_path / "gone" / "result.txt") == 2
    assert "result.txt" in capsys.readouterr().err


def test_an_unknown_model_is_wrong_usage_and_names_the_known(pictures, capsys):
    assert main(["classify", "--model", "nothing", str(pictures)]) == 2
    assert "colours" in capsys.readouterr().err


def test_vgg19_without_weights_says_how_to_get_them(pictures, capsys):
    assert main(["classify", "--model", "vgg19", str(pictures)]) == 2
    assert "sightline models download vgg19" in capsys.readouterr().err


def test_ctrl_c_keeps_what_was_answered(pictures, capsys, monkeypatch):
    from desktop_app.commands import classify as command

    original, calls = command.load_seen, []

    def interrupted(*arguments, **options):
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return original(*arguments, **options)

    monkeypatch.setattr(command, "load_seen", interrupted)
    assert run(*sorted(pictures.iterdir()), "--format", "json") == 130
    output = capsys.readouterr()
    assert len(json.loads(output.out)["results"]) == 2
    assert "Interrupted" in output.err


def test_a_picture_unlike_the_training_pictures_is_called_so_everywhere(pictures, capsys):
    """A single picture, and the folder as a batch."""
    install_feature_model(Library.default())
    assert run(pictures / "10 blue.png") == 0
    assert "10 blue.png  (unlike the training pictures)" in capsys.readouterr().out
    for sources in ([pictures], sorted(pictures.iterdir())):
        assert run(*sources, "--format", "json") == 0
        results = json.loads(capsys.readouterr().out)["results"]
        assert {result["predictions"][0]["label"]: result["unlike"] for result in results} == {
            "red": False,
            "green": False,
            "blue": True,
        }


@pytest.mark.parametrize("as_job", [False, True], ids=["singly", "as a job"])
def test_the_kind_is_read_first_where_no_class_is_sure(tmp_path, capsys, as_job):
    install_cats_model(Library.default())
    Image.new("RGB", (30, 20), (250, 250, 0)).save(tmp_path / "cat.png")
    Image.new("RGB", (30, 20), (0, 0, 250)).save(tmp_path / "dog.png")
    sources = [str(tmp_path)] if as_job else [str(tmp_path / "cat.png"), str(tmp_path / "dog.png")]
    assert main(["classify", "--model", "cats", *sources]) == 0
    text = capsys.readouterr().out
    assert f"{tmp_path / 'cat.png'}  cat, 99.0% (all 2 kinds of cat together)\n   49.5%  tabby\n" in text
    assert "   49.5%  Egyptian cat\n" in text
    assert f"{tmp_path / 'dog.png'}\n   96.1%  golden retriever\n" in text
    assert main(["classify", "--model", "cats", "--format", "json", *sources]) == 0
    cat, dog = json.loads(capsys.readouterr().out)["results"]
    assert cat["kind"] == {
        "name": "cat",
        "probability": pytest.approx(sum(entry["probability"] for entry in cat["predictions"][:2]), abs=2e-6),
        "classes": 2,
        "first": True,
    }
    assert [entry["label"] for entry in cat["predictions"]][:2] == ["tabby", "Egyptian_cat"]
    assert "kind" not in dog


def test_the_first_of_several_frames_is_called_so(pictures, capsys):
    film = pictures / "film.gif"
    with Image.open(pictures / "1 red.png") as red:
        frame = red.convert("RGB")
    frame.putpixel((0, 0), (0, 0, 0))
    frame.save(film, save_all=True, append_images=[Image.new("RGB", frame.size, "blue")])

    assert run(film) == 0
    assert "(the first of 2 frames)" in capsys.readouterr().out
    assert run(film, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["results"][0]["plane"] == {
        "number": 1,
        "of": 2,
        "kind": "frames",
    }
    assert run(pictures) == 0
    assert "the first of 2 frames" in capsys.readouterr().out
