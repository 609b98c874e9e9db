from __future__ import annotations

import csv
import importlib.util
import json
import os
import signal
import sqlite3

import pytest

from desktop_app.cli import main
from desktop_app.commands.classify import is_batch
from desktop_app.commands.classify_batch import job_path
from desktop_app.core.batch.job.job import Job
from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.foundation import paths
from desktop_app.core.images.dropped import source_from_argument
from desktop_app.core.library.store import Library
from tests.core.batch.fakes import make_folder, note_threads, spec_for, write_picture
from tests.tiny_model import install_colour_model

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def installed():
    install_colour_model(Library.default())


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "pictures", 12)


def run(*words, model=("--model", "colours")):
    return main(["classify", *model, *map(str, words)])


def jobs():
    return list(paths.jobs().iterdir())


@pytest.fixture
def interrupting(monkeypatch):
    """Press Ctrl+C while the network works on the fourth batch; returns how many pictures it saw."""
    original, seen = Classifier.outputs, []

    def outputs(self, prepared, batch_size=16):
        seen.append(len(prepared))
        if len(seen) == 4:
            signal.raise_signal(signal.SIGINT)
        return original(self, prepared, batch_size)

    monkeypatch.setattr(Classifier, "outputs", outputs)
    return seen


def test_a_folder_is_answered_in_the_order_found_and_no_job_is_left(folder, tmp_path, capsys):
    (folder / "3.ppm").write_text("no picture")
    empty = tmp_path / "empty"
    empty.mkdir()
    words = [folder / "11.ppm", empty, folder, tmp_path / "gone.jpg", "--format", "json"]
    assert run(*words, "--jobs", 3, "--batch-size", 4) == 1
    output = capsys.readouterr()
    results = json.loads(output.out)["results"]
    names = [os.path.basename(result["source"]) for result in results]  # noqa: PTH119
    assert names == ["11.ppm", "empty", *(f"{number}.ppm" for number in range(12)), "gone.jpg"]
    assert [result["status"] for result in results].count("error") == 3
    assert results[2]["predictions"][0]["label"] == "red"
    assert "No pictures in this folder" in results[1]["reason"]
    assert "3.ppm: " in output.err
    assert "14 pictures, 2 couldn't be read, " in output.err
    assert not jobs()


@pytest.mark.parametrize(("names", "status"), [(("a.mp4", "b.pdf"), 0), (("a.mp4", "b.nd2"), 1)])
def test_what_is_left_out_is_counted_and_fails_where_it_was_meant_as_a_picture(folder, capsys, names, status):
    for name in names:
        (folder / name).write_bytes(b"\0\1")
    assert run(folder) == status
    assert f"1 {names[1][2:].upper()}, 1 video left out. Videos are not read: save" in capsys.readouterr().err


def test_a_folder_that_goes_away_is_one_sentence_and_resume_goes_on(folder, tmp_path, capsys, monkeypatch):
    original = Classifier.outputs

    def outputs(self, prepared, batch_size=16):
        if folder.exists():
            folder.rename(tmp_path / "away")
        return original(self, prepared, batch_size)

    make_folder(folder, 60)
    target = tmp_path / "labels.csv"
    words = [folder, "--format", "csv", "--output", target, "--batch-size", 2, "--jobs", 1]
    with monkeypatch.context() as patched:
        patched.setattr(Classifier, "outputs", outputs)
        assert run(*words) == 1
    _, *errors = capsys.readouterr().err.splitlines()
    gone = f"The folder {folder} is not there. Connect its disk, or put it back."
    assert errors == [f"{gone} The results so far are kept: resume by the same command with --resume."]
    assert 0 < len(target.read_text(encoding="utf-8").splitlines()) - 1 < 60
    (tmp_path / "away").rename(folder)
    assert run(*words, "--resume") == 0
    assert len(target.read_text(encoding="utf-8").splitlines()) - 1 == 60
    assert not jobs()


def test_several_pictures_are_decoded_at_a_time(folder, monkeypatch):
    names = note_threads(monkeypatch)
    assert run(folder, "--jobs", 2) == 0
    assert names
    assert names <= {"decoding_0", "decoding_1"}


def test_the_answers_are_those_of_single_pictures(folder, capsys):
    assert run(folder, "--format", "json") == 0
    together = json.loads(capsys.readouterr().out)
    files = [folder / f"{number}.ppm" for number in range(12)]
    assert run(*files, "--format", "json") == 0
    singly = json.loads(capsys.readouterr().out)
    for document in (together, singly):
        for result in document["results"]:
            assert result.pop("seconds") > 0
    assert together == singly


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_lines_are_printed_as_they_come(folder, capsys, form):
    assert run(folder, "--format", form, "--top", 1) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split("/")[-1] for line in lines[::2]] if form == "text" else None
    if form == "jsonl":
        names = [json.loads(line)["source"].split("/")[-1] for line in lines]
    assert [name.split()[0] for name in names] == [f"{number}.ppm" for number in range(12)]


def test_relative_names_stay_as_they_were_said(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert run("pictures", "--format", "jsonl") == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["source"] == os.path.join("pictures", "0.ppm")  # noqa: PTH118


def test_ctrl_c_keeps_the_job_and_resume_goes_on(folder, tmp_path, capsys, interrupting):
    target = tmp_path / "labels.csv"
    words = [folder, "--format", "csv", "--output", target, "--top", 1]
    before = signal.getsignal(signal.SIGINT)
    assert run(*words, "--batch-size", 2) == 130
    assert signal.getsignal(signal.SIGINT) is before
    assert "resume by the same command with --resume" in capsys.readouterr().err
    with target.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == sum(interrupting) == 8
    assert len(jobs()) == 1

    write_picture(folder / "new.ppm")
    assert run(*words, "--resume", model=()) == 0  # the model is that of the job
    assert sum(interrupting) == 13
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["source"] for row in rows}) == 13
    assert rows[-1]["source"].endswith("new.ppm")
    assert {row["model"] for row in rows} == {"colours"}
    assert not jobs()


def test_resuming_with_other_settings_is_refused(folder, capsys, interrupting):
    assert run(folder, "--batch-size", 2) == 130
    install_colour_model(Library.default(), "others")
    assert run(folder, "--resume", "--top", 2) == 2
    assert "--top 3, not 2" in capsys.readouterr().err
    assert run(folder, "--resume", model=("--model", "others")) == 2
    assert "--model colours, not others" in capsys.readouterr().err
    assert len(jobs()) == 1


def test_without_resume_all_begins_anew(folder, interrupting):
    assert run(folder, "--batch-size", 2) == 130
    assert run(folder) == 0
    assert sum(interrupting) == 8 + 12
    assert not jobs()


def test_nothing_to_resume_is_said(folder, capsys):
    assert run(folder / "0.ppm", "--resume") == 0
    assert "nothing to resume" in capsys.readouterr().err


def test_a_job_whose_maker_was_killed_at_once_is_begun_anew(folder, capsys):
    path = job_path([folder], None)
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    assert path.stat().st_size
    assert run(folder, "--resume") == 0
    assert not path.exists()


def test_links_cannot_be_resumed(folder, capsys):
    assert run(folder, "https://example.org/a.jpg", "--resume") == 2
    assert "Links cannot be resumed" in capsys.readouterr().err


def test_the_same_folder_twice_at_a_time(folder, capsys):
    path = job_path([folder], None)
    with Job(path, spec_for(folder)):
        assert run(folder, "--format", "jsonl") == 0
        told = capsys.readouterr()
        assert len(told.out.splitlines()) == 12
        assert "The same command is running already" in told.err
        assert run(folder, "--resume") == 2
        assert "already running" in capsys.readouterr().err
    assert jobs() == [path]


def test_the_same_folder_twice_at_the_same_instant(folder, capsys, monkeypatch):
    # Both have found no job there, and each begins one.
    path, begun = job_path([folder], None), []
    original = Job.__init__

    def begin(self, *words, **options):
        if not begun:
            begun.append(Job.__new__(Job))
            original(begun[0], path, spec_for(folder))
        original(self, *words, **options)

    monkeypatch.setattr(Job, "__init__", begin)
    assert run(folder, "--format", "jsonl") == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 12
    assert "The same command is running already" in told.err
    begun[0].close()
    assert jobs() == [path]


def test_one_that_was_at_work_beside_another_leaves_nothing_to_resume(folder, capsys, interrupting):
    path = job_path([folder], None)
    with Job(path, spec_for(folder)):
        assert run(folder, "--batch-size", 2, "--jobs", 1) == 130
    assert "--resume cannot resume this command" in capsys.readouterr().err
    assert jobs() == [path]


def test_a_damaged_job_is_told_and_begun_anew_without_resume(folder, capsys):
    path = job_path([folder], None)
    path.parent.mkdir(parents=True)
    path.write_text("damage" * 1000)
    assert run(folder, "--resume") == 2
    assert "damaged" in capsys.readouterr().err
    assert run(folder) == 0


def test_parquet_that_cannot_be_written_is_told_before_the_work(folder, tmp_path, capsys, monkeypatch):
    assert run(folder, "--format", "parquet") == 2
    assert "--output" in capsys.readouterr().err
    original = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "pyarrow" else original(name, *more)
    )
    assert run(folder, "--format", "parquet", "--output", tmp_path / "a.parquet") == 2
    assert "pyarrow" in capsys.readouterr().err


def test_folders_of_classes_give_the_accuracy(tmp_path, capsys):
    for number, name in enumerate(("Red", "id-green", "blue")):
        make_folder(tmp_path / "pictures" / name, 3)
        if number:
            (tmp_path / "pictures" / name / "0.ppm").unlink()
    assert run(tmp_path / "pictures", "--format", "csv", "--top", 1) == 0
    assert "Accuracy 42.9% on 7 pictures in the folders of 3 classes." in capsys.readouterr().err


def test_jobs_of_long_ago_are_forgotten(folder, tmp_path):
    other = paths.jobs() / "window.job"
    for path in (job_path([tmp_path], None), other):
        Job(path, spec_for(folder)).close()
        os.utime(path, (1e9, 1e9))
    assert run(folder) == 0
    assert jobs() == [other]


def test_links_and_few_files_are_no_job(tmp_path):
    def batch(*words):
        return is_batch([source_from_argument(str(word)) for word in words])

    assert batch(tmp_path)
    assert not batch(tmp_path / "a.jpg")
    assert batch(*(tmp_path / f"{number}.jpg" for number in range(20)))
    assert not batch(tmp_path, "https://example.org/a.jpg")
