from __future__ import annotations

import json
import os
import shutil
import time
import zipfile
from dataclasses import replace

import pytest

from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.datasets.archives.archives import unpack
from desktop_app.core.datasets.archives.unpacked_folders import NOTE
from desktop_app.core.datasets.splits.split_file import Split, write_split
from desktop_app.core.foundation.errors import StorageError, UsageError
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.runs.run_folder import RunError, UnknownRun
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.task.classification import CLASSIFICATION
from desktop_app.core.training.task.classification_evaluation import ClassificationEvaluation, Mistake
from tests.core.training.epochs import epoch
from tests.core.training.tiny import RECIPE, stores_in, tiny_config

EPOCH = epoch(val_loss=0.6, val_accuracy=0.5)


@pytest.fixture
def runs(tmp_path):
    return stores_in(tmp_path)[0]


def evaluation_with(mistakes):
    figures = {"accuracy": 0.75, "balanced_accuracy": 0.75, "macro_f1": 0.73}
    confusion = Confusion.from_rows(((1, 1), (0, 2)))
    return ClassificationEvaluation("classification", "test", 4, figures, 1, confusion, mistakes, ("a", "b"))


def end(run, state):
    run.write_record(run.read_record().model_copy(update={"state": state}))


def test_a_run_is_named_after_the_day_and_the_recipe(runs, tmp_path):
    first, second, third = (runs.create(tiny_config(tmp_path / "data")) for _number in range(3))
    assert first.run_id.endswith(f"-{RECIPE}")
    assert [second.run_id, third.run_id] == [f"{first.run_id}-2", f"{first.run_id}-3"]
    record = first.read_record()
    assert record.name == f"data, {catalogue.get(RECIPE).name}"
    assert {"Python", "TensorFlow", "System"} <= set(record.environment)


def test_a_removed_run_keeps_its_id_so_that_it_can_come_back(runs, tmp_path):
    first = runs.create(tiny_config(tmp_path))
    runs.remove(first.run_id)
    second = runs.create(tiny_config(tmp_path))
    assert second.run_id == f"{first.run_id}-2"
    assert runs.restore_last().record.run_id == first.run_id
    assert len(runs.list()) == 2


def test_a_run_is_not_restored_over_another_one(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    runs.remove(run.run_id)
    run.path.mkdir()
    with pytest.raises(RunError, match="cannot be restored"):
        runs.restore_last()


def test_any_name_of_the_data_makes_a_run(runs, tmp_path):
    data = tmp_path / b"\xff\xfe\n".decode("utf-8", "surrogateescape")
    run = runs.create(tiny_config(data))
    [entry] = runs.list()
    assert entry.record.config.data == data
    assert entry.record.name.isprintable()
    assert run.path.name.isascii()


def test_the_name_of_an_archive_is_that_of_its_data(runs, tmp_path):
    archive, folder = tmp_path / "pets.tar.gz", tmp_path / "my.pets"
    archive.write_bytes(b"")
    folder.mkdir()
    names = [runs.create(tiny_config(data)).read_record().name for data in (archive, folder)]
    assert [name.partition(", ")[0] for name in names] == ["pets", "my.pets"]


def test_the_newest_run_comes_first(runs, tmp_path):
    for day in (1, 3, 2):
        run = runs.create(tiny_config(tmp_path))
        changed = {"created": f"2026-11-0{day}T00:00:00+00:00", "name": str(day)}
        run.write_record(run.read_record().model_copy(update=changed))
    assert [entry.record.name for entry in runs.list()] == ["3", "2", "1"]


def test_a_running_record_without_a_holder_is_interrupted(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    [entry] = runs.list()
    assert entry.record.state == "interrupted"
    assert "memory ran out" in entry.record.message
    assert "half the batch" in entry.record.advice
    assert entry.resumable
    run.write_record(run.read_record().model_copy(update={"epochs_done": 2}))
    assert "all epochs are done" in runs.list()[0].record.advice
    with run.at_work():
        [entry] = runs.list()
        assert entry.record.state == "running"
        assert not entry.resumable


@pytest.mark.parametrize(
    ("state", "resumable"), [("finished", False), ("stopped", True), ("failed", True), ("interrupted", True)]
)
def test_what_has_a_checkpoint_and_is_not_finished_can_be_resumed(runs, tmp_path, state, resumable):
    run = runs.create(tiny_config(tmp_path))
    (run.checkpoints / "last.npz").write_bytes(b"")
    end(run, state)
    assert runs.get(run.run_id).resumable is resumable


def test_a_failed_run_without_a_checkpoint_cannot_be_resumed(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    end(run, "failed")
    assert not runs.get(run.run_id).resumable


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", "{", '{"schema_version": 9}'])
def test_a_damaged_run_is_listed_with_its_problem(runs, tmp_path, content):
    good = runs.create(tiny_config(tmp_path))
    damaged = runs.folder / "2026-01-01-x"
    damaged.mkdir()
    if content is not None:
        (damaged / "run.json").write_text(content)
    entries = {entry.record.run_id: entry for entry in runs.list()}
    assert not entries[good.run_id].problem
    assert "run.json" in entries["2026-01-01-x"].problem
    assert not entries["2026-01-01-x"].resumable
    runs.remove("2026-01-01-x")
    assert len(runs.list()) == 1


def test_a_run_of_a_newer_version_is_not_to_be_removed(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    path = run.path / "run.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"schema_version": 3, "novelty": 1}))
    sentence = f"{path} was made by a newer Sightline (schema 3); update Sightline."
    with pytest.raises(RunError) as raised:
        run.read_record()
    assert (str(raised.value), raised.value.advice) == (sentence, "")
    assert runs.get(run.run_id).problem == sentence


def test_a_copied_run_folder_does_not_pass_for_the_run(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    shutil.copytree(run.path, runs.folder / "copy")
    assert "belongs to the run" in runs.get("copy").problem


def test_an_unknown_run_names_those_that_there_are(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    for bad in ("nothing", "..", "", f"../runs/{run.run_id}"):
        with pytest.raises(UnknownRun, match="no run") as raised:
            runs.get(bad)
        assert run.run_id in raised.value.advice


def test_an_unknown_run_names_the_latest_of_many(runs, tmp_path):
    ids = [runs.create(tiny_config(tmp_path)).run_id for _ in range(12)]
    with pytest.raises(UnknownRun) as raised:
        runs.get("nothing")
    assert raised.value.advice == f"The latest runs are: {', '.join(ids[2:])}; 'sightline runs' lists all."


def test_where_there_is_no_run_yet_an_unknown_one_says_so(runs):
    with pytest.raises(UnknownRun) as raised:
        runs.get("nothing")
    assert raised.value.advice == "No network has been trained here yet."


def test_runs_of_the_same_name_are_numbered(runs, tmp_path):
    config = tiny_config(tmp_path).model_copy(update={"name": "pets"})
    names = [runs.create(config).read_record().name for _ in range(3)]
    (runs.folder / "damaged").mkdir()
    unnamed = [runs.create(tiny_config(tmp_path)).read_record().name for _ in range(2)]
    assert names == ["pets", "pets (2)", "pets (3)"]
    assert unnamed[1] == f"{unnamed[0]} (2)"


def test_renaming_changes_the_name_alone(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    assert runs.rename(run.run_id, "  My \n run ").record.name == "My run"
    assert runs.get(run.run_id).folder == run.path


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_bad_name_is_refused(runs, tmp_path, name):
    run = runs.create(tiny_config(tmp_path))
    with pytest.raises(UsageError, match="1 to 200"):
        runs.rename(run.run_id, name)


def test_a_removed_run_can_be_restored_until_the_trash_is_emptied(runs, tmp_path):
    first, second = (runs.create(tiny_config(tmp_path)) for _number in range(2))
    runs.remove(first.run_id)
    runs.remove(second.run_id)
    assert runs.list() == ()
    assert runs.restore_last().record.run_id == second.run_id
    assert runs.restore_last().record.run_id == first.run_id
    assert runs.restore_last() is None
    assert len(runs.list()) == 2
    runs.remove(first.run_id)
    runs.empty_trash()
    assert runs.restore_last() is None


def test_a_run_at_work_is_left_alone(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    with run.at_work():
        with pytest.raises(RunError, match="at work"):
            runs.remove(run.run_id)
        with pytest.raises(RunError, match="at work"), run.at_work():
            pass
    runs.remove(run.run_id)


def test_what_killed_runs_left_is_swept_away(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    idle = runs.create(tiny_config(tmp_path))
    for name in (run.run_id, idle.run_id, "gone"):
        (runs.scratch / name).mkdir(parents=True)
    (run.checkpoints / ".sightline-1234567890abcdef.tmp").write_bytes(b"half")
    (runs.folder / ".sightline-1234567890abcdef.new").mkdir()
    with run.at_work():
        runs.sweep()
        assert [path.name for path in runs.scratch.iterdir()] == [run.run_id]
    assert not list(tmp_path.rglob(".sightline-*"))
    assert len(runs.list()) == 2


def test_unpacked_archives_go_that_no_run_needs_and_nobody_used_for_a_month(runs, tmp_path):
    names = ("unused", "used", "trained", "removed")
    archives = {name: tmp_path / f"{name}.zip" for name in names}
    folders = {}
    for name, path in archives.items():
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("top/cats/1.png", name)
        folders[name] = unpack(path, runs.datasets)
        long_ago = time.time() - 31 * 86_400
        os.utime(folders[name] / NOTE, (long_ago, long_ago))
    own = runs.datasets / "own"
    own.mkdir()
    os.utime(own, (0, 0))
    half = runs.datasets / ".sightline-1234567890abcdef.new"
    half.mkdir()
    for name in ("trained", "removed"):
        run = runs.create(tiny_config(archives[name]))
        write_split(Split(folders[name] / "top", ("a", "b"), ()), run.split_file)
    runs.remove(run.run_id)
    assert unpack(archives["used"], runs.datasets) == folders["used"]
    assert runs.sweep_datasets() == 2
    assert set(runs.datasets.iterdir()) == {own, *(folders[name] for name in names if name != "unused")}
    assert unpack(archives["unused"], runs.datasets) == folders["unused"]
    assert runs.sweep_datasets() == 0


@pytest.mark.parametrize("content", [None, b"", b"path", b"path,class,part\n", b"\xff\x00,,folder\n"])
def test_a_damaged_split_file_does_not_keep_others_from_being_swept(runs, tmp_path, content):
    run = runs.create(tiny_config(tmp_path))
    if content is not None:
        run.split_file.write_bytes(content)
    unused = runs.datasets / "unused"
    unused.mkdir(parents=True)
    (unused / NOTE).write_text("{}")
    os.utime(unused / NOTE, (0, 0))
    assert runs.sweep_datasets() == 1
    assert list(runs.datasets.iterdir()) == []


def test_a_discarded_run_leaves_nothing(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    (runs.scratch / run.run_id).mkdir(parents=True)
    runs.discard(run)
    assert list(runs.folder.iterdir()) == []
    assert list(runs.scratch.iterdir()) == []


def test_there_are_no_runs_before_the_first(tmp_path):
    runs = RunStore(tmp_path / "nowhere", tmp_path / "trash")
    assert runs.list() == ()
    assert runs.sweep() == 0
    with pytest.raises(RunError, match="no run"):
        runs.get("x")


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        RunStore(tmp_path / "file" / "runs", tmp_path / "trash").create(tiny_config(tmp_path))


def test_history_and_evaluation_are_read_as_they_were_written(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    assert runs.open(run.run_id).read_evaluation() is None
    odd = tmp_path / b"\xff.png".decode("utf-8", "surrogateescape")
    mistakes = (Mistake(odd, "a", "b", 0.9),)
    evaluation = evaluation_with(mistakes)
    run.write_evaluation(evaluation)
    run.write_history([EPOCH], CLASSIFICATION)
    assert runs.open(run.run_id).read_evaluation() == evaluation
    assert runs.get(run.run_id).history == (EPOCH,)


def test_an_evaluation_without_the_names_of_its_classes_is_still_read(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    evaluation = evaluation_with(())
    run.write_evaluation(evaluation)
    path = run.path / "evaluation.json"
    earlier = json.loads(path.read_bytes())
    del earlier["classes"]
    path.write_text(json.dumps(earlier), encoding="utf-8")
    assert runs.open(run.run_id).read_evaluation() == replace(evaluation, classes=())


@pytest.mark.parametrize("content", [b"", b"x,y\n1,2\n", b"\xff", None])
def test_a_damaged_history_is_empty(runs, tmp_path, content):
    run = runs.create(tiny_config(tmp_path))
    run.write_history([EPOCH], CLASSIFICATION)
    path = run.path / "metrics.csv"
    path.write_bytes(path.read_bytes()[:-20] if content is None else content)
    assert runs.get(run.run_id).history == ()


def test_a_damaged_evaluation_is_none(runs, tmp_path):
    run = runs.create(tiny_config(tmp_path))
    (run.path / "evaluation.json").write_text(json.dumps({"part": "moon"}))
    assert runs.open(run.run_id).read_evaluation() is None
