from __future__ import annotations

import errno
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core.batch.filing import journal as filing_journal
from desktop_app.core.batch.filing import planned_folder
from desktop_app.core.batch.filing import steps as filing_steps
from desktop_app.core.batch.filing.filing import carry_out, plan, undo
from desktop_app.core.batch.job.control import BatchControl
from desktop_app.core.batch.job.errors import JobError
from desktop_app.core.batch.job.folder_names import folder_names
from desktop_app.core.batch.job.rows import Row, Status
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.file_names import folder_name
from desktop_app.core.kinds.kind import Kind
from desktop_app.core.library.card import ClassLabel
from tests.core.batch.fakes import spec_for
from tests.tiny_model import colour_card

HOWS = ("copy", "move", "link")


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    for name in ("a.jpg", "b.jpg", "deep/a.jpg", "deep/c.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"content of {name}")
    return folder


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "jobs" / "filed.journal"


def rows_for(pictures, spec):
    """Say that all pictures are red but the last, which is blue, and one failed."""
    paths = sorted(path for path in pictures.rglob("*.jpg"))
    rows = [
        Row(number, 0, path, Status.DONE, spec.prediction([2 if path.name == "c.jpg" else 0], [0.9]))
        for number, path in enumerate(paths, start=1)
    ]
    return [*rows, Row(9, 0, pictures / "broken.jpg", Status.FAILED, reason="No.")]


def plan_for(pictures, target, how="copy"):
    spec = spec_for(pictures)
    return plan(rows_for(pictures, spec), spec, target, how)


def tree(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


FILED = {
    "red/a.jpg": "content of a.jpg",
    "red/b.jpg": "content of b.jpg",
    "red/a (2).jpg": "content of deep/a.jpg",
    "blue/c.jpg": "content of deep/c.jpg",
}


def test_a_plan_shows_what_would_be_done_and_touches_nothing(pictures, tmp_path):
    target = tmp_path / "filed"
    (target / "red").mkdir(parents=True)
    (target / "red" / "B.JPG").write_text("there before")
    planned = plan_for(pictures, target)
    assert [(step.target.name, step.renamed) for step in planned.steps] == [
        ("a.jpg", False),
        ("b (2).jpg", True),
        ("a (2).jpg", True),
        ("c.jpg", False),
    ]
    assert planned.sentence == (
        "4 pictures will be copied into 2 folders; 2 of them renamed; 1 without a label."
    )
    assert [path.name for path in target.iterdir()] == ["red"]


def test_a_plan_names_its_folders_and_what_is_renamed_first(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(planned_folder, "FIRST", 2)
    planned = plan_for(pictures, tmp_path / "filed")
    blue, red = planned.folders
    assert (blue.path, blue.pictures, blue.renamed) == (tmp_path / "filed" / "blue", 1, 0)
    assert (red.path.name, red.pictures, red.renamed) == ("red", 3, 1)
    assert [step.target.name for step in red.first] == ["a (2).jpg", "a.jpg"]


def test_pictures_that_lie_there_already_stay(pictures):
    (pictures / "red").mkdir()
    (pictures / "a.jpg").rename(pictures / "red" / "a.jpg")
    planned = plan_for(pictures, pictures, "move")
    assert planned.in_place == 1
    assert len(planned.steps) == 3


@pytest.mark.parametrize("how", HOWS)
def test_filing_and_taking_it_back(pictures, tmp_path, journal, how):
    before = tree(pictures)
    target = tmp_path / "new" / "filed"
    told = []
    filed = carry_out(plan_for(pictures, target, how), journal, on_progress=lambda *step: told.append(step))
    assert tree(target) == FILED
    assert tree(pictures) == ({} if how == "move" else before)
    assert (target / "red" / "a.jpg").is_symlink() == (how == "link")
    assert (filed.done, filed.problems, filed.left) == (4, (), 0)
    assert filed.sentence.startswith("4 pictures ")
    assert filed.sentence.endswith(f" into {target}.")
    assert told[-1] == (4, 4)

    undone = undo(journal)
    words = {"copy": "4 copies removed.", "move": "4 pictures restored.", "link": "4 links removed."}
    assert undone.sentence == words[how]
    assert tree(pictures) == before
    assert not (tmp_path / "new").exists()
    assert not journal.exists()


@pytest.mark.parametrize("how", HOWS)
def test_what_came_in_between_is_not_overwritten_and_the_rest_done(pictures, tmp_path, journal, how):
    target = tmp_path / "filed"
    planned = plan_for(pictures, target, how)
    (target / "red").mkdir(parents=True)
    (target / "red" / "a.jpg").write_text("came in between")
    (pictures / "b.jpg").unlink()
    filed = carry_out(planned, journal)
    assert [problem.path.name for problem in filed.problems] == ["a.jpg", "b.jpg"]
    assert filed.problems[0].reason == "Something of that name is there by now."
    assert "No such file" in filed.problems[1].reason
    assert filed.sentence.endswith("2 not.")
    assert tree(target) == {
        "red/a.jpg": "came in between",
        "red/a (2).jpg": "content of deep/a.jpg",
        "blue/c.jpg": "content of deep/c.jpg",
    }
    assert undo(journal).done == 2
    assert tree(target) == {"red/a.jpg": "came in between"}


@pytest.mark.parametrize("how", ["copy", "move"])
def test_what_was_changed_since_is_kept(pictures, tmp_path, journal, how):
    target = tmp_path / "filed"
    carry_out(plan_for(pictures, target, how), journal)
    (target / "red" / "a.jpg").write_text("edited since")
    (pictures / "b.jpg").write_text("another b") if how == "move" else None
    undone = undo(journal)
    assert undone.problems[-1].reason == "It was changed since."
    assert (target / "red" / "a.jpg").read_text() == "edited since"
    if how == "move":
        assert undone.problems[0].reason == "Something else is in its old place."
        assert (pictures / "b.jpg").read_text() == "another b"
        (pictures / "b.jpg").unlink()
        assert undo(journal).done == 1
    assert journal.exists()


@pytest.mark.parametrize("how", ["copy", "move"])
def test_across_disks(pictures, tmp_path, journal, how, monkeypatch):
    original = Path.replace

    def replace(path, target):
        if Path(path).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return original(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    before = tree(pictures)
    os.utime(pictures / "a.jpg", (1e9, 1e9))
    target = tmp_path / "filed"
    assert carry_out(plan_for(pictures, target, how), journal).done == 4
    assert tree(target) == FILED
    assert (target / "red" / "a.jpg").stat().st_mtime == 1e9
    assert undo(journal).done == 4
    assert tree(pictures) == before
    assert not target.exists()


class Killed(BaseException):
    """Stands for the end of the process: nothing after it is done."""


CRASHES = {
    "before the name": (filing_steps, "_take_name"),
    "before the content": (filing_steps, "_fill"),
    "before the note": (filing_journal.Journal, "end"),
}


@pytest.mark.parametrize("where", CRASHES)
@pytest.mark.parametrize("how", ["copy", "move"])
def test_a_crash_in_the_middle_is_undone_too(pictures, tmp_path, journal, how, where, monkeypatch):
    before = tree(pictures)
    owner, name = CRASHES[where]
    original, calls = getattr(owner, name), []

    def crash(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise Killed
        return original(*arguments)

    monkeypatch.setattr(owner, name, crash)
    with pytest.raises(Killed):
        carry_out(plan_for(pictures, tmp_path / "filed", how), journal)
    with journal.open("ab") as file:
        file.write(b'{"step": 99, "sou')  # cut short by a power cut
    undo(journal)
    assert tree(pictures) == before
    assert not (tmp_path / "filed").exists()


@pytest.mark.parametrize("name", ["_fill", "copystat"])
def test_a_crash_while_undoing_is_undone_too(pictures, tmp_path, journal, name, monkeypatch):
    before = tree(pictures)
    carry_out(plan_for(pictures, tmp_path / "filed", "move"), journal)

    def killed(*_arguments):
        raise Killed

    with monkeypatch.context() as patch:
        if name == "_fill":
            patch.setattr(filing_steps, "_fill", killed)
        else:  # copied back from another disk, and not removed there yet
            patch.setattr(Path, "replace", _only_beside(Path.replace))
            patch.setattr(filing_steps.shutil, "copystat", killed)
        with pytest.raises(Killed):
            undo(journal)
    assert tree(pictures) != before
    undo(journal)
    assert tree(pictures) == before
    assert not (tmp_path / "filed").exists()


def _only_beside(replace):
    def replaced(path, target):
        if Path(path).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(path, target)

    return replaced


def test_a_full_disk_loses_no_picture(pictures, tmp_path, journal, monkeypatch):
    before = tree(pictures)

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(filing_steps.shutil, "copyfileobj", full)
    filed = carry_out(plan_for(pictures, tmp_path / "filed"), journal)
    assert len(filed.problems) == 4
    assert "too full" in filed.problems[0].reason
    assert tree(tmp_path / "filed") == {}
    assert tree(pictures) == before


def test_a_journal_that_cannot_be_written_ends_the_work_without_loss(
    pictures, tmp_path, journal, monkeypatch
):
    before = tree(pictures)
    original = filing_journal.Journal.end

    def end(self, number, status):
        if number == 2:
            raise StorageError("The disk is too full.")
        original(self, number, status)

    monkeypatch.setattr(filing_journal.Journal, "end", end)
    with pytest.raises(StorageError):
        carry_out(plan_for(pictures, tmp_path / "filed", "move"), journal)
    assert len(tree(tmp_path / "filed")) == 2
    monkeypatch.undo()
    undo(journal)
    assert tree(pictures) == before


def test_cancelling_keeps_what_is_done(pictures, tmp_path, journal):
    control = BatchControl()
    filed = carry_out(
        plan_for(pictures, tmp_path / "filed"), journal, control.token, lambda *_step: control.cancel()
    )
    assert (filed.done, filed.left) == (1, 3)
    assert filed.sentence.startswith("1 picture copied into ")
    assert filed.sentence.endswith("; 3 left.")
    assert undo(journal).done == 1


def test_a_link_is_not_moved(pictures, tmp_path, journal):
    (pictures / "b.jpg").unlink()
    (pictures / "b.jpg").symlink_to("a.jpg")
    filed = carry_out(plan_for(pictures, tmp_path / "filed", "move"), journal)
    assert [problem.path.name for problem in filed.problems] == ["b.jpg"]
    assert "link" in filed.problems[0].reason


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_names_that_are_no_text(tmp_path, journal):
    folder = tmp_path / "pictures"
    folder.mkdir()
    name = os.fsdecode(b"\xff two\nlines.jpg")
    (folder / name).write_text("odd")
    spec = spec_for(folder)
    row = Row(1, 0, folder / name, Status.DONE, spec.prediction([0], [1.0]))
    carry_out(plan([row], spec, tmp_path / "filed", "move"), journal)
    assert (tmp_path / "filed" / "red" / name).read_text() == "odd"
    assert undo(journal).done == 1
    assert (folder / name).read_text() == "odd"


def test_journals_are_neither_overwritten_nor_mistaken(pictures, tmp_path, journal):
    planned = plan_for(pictures, tmp_path / "filed")
    carry_out(planned, journal)
    with pytest.raises(StorageError):
        carry_out(planned, journal)
    (tmp_path / "other").write_text("{}\n")
    with pytest.raises(JobError, match="not a journal"):
        undo(tmp_path / "other")
    with pytest.raises(StorageError):
        undo(tmp_path / "gone")
    with filing_journal.Journal.open(journal), pytest.raises(JobError, match="is still running"):
        undo(journal)


def test_folder_names_suit_every_system():
    assert folder_name("red") == "red"
    assert folder_name("a/b: c?") == "a-b- c-"
    assert folder_name(" .. ") == "_"
    assert folder_name("con") == "con_"
    assert folder_name("LPT1.txt") == "LPT1.txt_"
    assert len(folder_name("ü" * 200).encode()) <= 100
    classes = [
        ClassLabel(class_id=class_id, label=label)
        for class_id, label in (("n1", "crane"), ("n2", "Crane"), ("n3", "tench"), ("n2 ", "cra/ne"))
    ]
    names = folder_names(
        spec_for(Path("a"), card=colour_card().changed(classes=[entry.model_dump() for entry in classes]))
    )
    assert names == {"n1": "n1 crane", "n2": "n2 Crane", "n3": "tench", "n2 ": "cra-ne"}


def test_folders_by_kind_take_the_label_where_there_is_no_kind(pictures, tmp_path):
    spec = spec_for(pictures)
    red, *rest = rows_for(pictures, spec)
    cat = replace(red.prediction, kind=Kind("cat", 0.9, 5, first=False))
    rows = [replace(red, prediction=cat), *rest]
    by_kind = plan(rows, spec, tmp_path / "out", "copy", by_kind=True)
    assert [folder.path.name for folder in by_kind.folders] == ["blue", "cat", "red"]
    by_label = plan(rows, spec, tmp_path / "out", "copy")
    assert [folder.path.name for folder in by_label.folders] == ["blue", "red"]
