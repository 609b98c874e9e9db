"""The jobs of the window: which are listed and how, opened, and removed."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime

import pytest

from desktop_app.core.batch.filing.journals import journals_of, new_journal
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.reader import Counts
from desktop_app.core.classify.results_csv import CsvStyle
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.locking import exclusive
from desktop_app.workers.batch.jobs import job_name, new_job_path
from tests.core.batch.fakes import new_job, spec_for
from tests.workers.batch_fakes import TIMEOUT, finish, listed, open_job


def test_there_are_no_jobs_at_first(qtbot, batch):
    assert listed(qtbot, batch) == ()
    assert not paths.jobs().exists()


def test_names_are_the_sources_in_words(tmp_path):
    names = ["a", "b", "c", "d"]
    sources = [tmp_path / name for name in names]
    assert job_name(spec_for(sources[0])) == "a"
    assert job_name(spec_for(*sources[:2])) == "a and b"
    assert job_name(spec_for(*sources)) == "a, b and 2 more"
    assert job_name(spec_for(tmp_path.__class__(tmp_path.anchor))) == tmp_path.anchor


def test_jobs_are_listed_newest_first_with_how_far_they_are(qtbot, batch, folder, tmp_path):
    finish(qtbot, batch, folder)
    first = batch.opened.path
    finish(qtbot, batch, folder / "0.ppm")
    second = batch.opened.path
    for path in first.parent.glob(f"{first.name}*"):
        os.utime(path, (4e9, 4e9))  # as when SQLite puts the file in order
    entries = listed(qtbot, batch)
    assert [(entry.path, entry.name) for entry in entries] == [(second, "0.ppm"), (first, "pictures")]
    assert entries[1].changed < entries[0].changed <= datetime.now()  # noqa: DTZ005 - local time
    assert (entries[1].model_id, entries[1].model_name, entries[1].problem) == ("colours", "Colours", "")
    assert (entries[1].state, entries[1].counts) == ("finished", Counts(12, 0, 12))


def test_a_killed_job_is_interrupted_and_goes_on(qtbot, batch, folder):
    path = new_job_path()
    with new_job(path, folder, card=batch_card(batch)) as job:
        job.state = "running"
    path.with_name(f"{path.name}.lock").touch()
    (entry,) = listed(qtbot, batch)
    assert entry.state == "interrupted"
    open_job(qtbot, batch, path)
    finish(qtbot, batch)
    assert batch.last("ended").answered == 12
    assert listed(qtbot, batch)[0].state == "finished"


def batch_card(batch):
    return batch.library.get("colours").card


def test_jobs_of_the_terminal_are_not_listed(qtbot, batch, folder):
    new_job(paths.jobs() / "classify-1.job", folder).close()
    assert listed(qtbot, batch) == ()


def test_damaged_and_foreign_files_are_listed_with_their_problem_and_can_be_removed(qtbot, batch, folder):
    finish(qtbot, batch, folder)
    shown = batch.opened
    damaged, foreign, empty = (paths.jobs() / f"batch-{name}.job" for name in ("damaged", "foreign", "empty"))
    damaged.write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE pets (name TEXT)")
    connection.close()
    empty.touch()
    problems = {entry.path.name: entry.problem for entry in listed(qtbot, batch)}
    assert problems[shown.path.name] == ""
    assert "is damaged" in problems["batch-damaged.job"]
    assert "is not a job of Sightline" in problems["batch-foreign.job"]
    assert "is empty" in problems["batch-empty.job"]
    for path in (damaged, foreign, empty):
        with qtbot.waitSignal(batch.failed, timeout=TIMEOUT) as failed:
            batch.open(path)
        assert failed.args[0].text in problems[path.name]
        assert batch.opened is shown
        batch.remove(path)
    assert [entry.path for entry in listed(qtbot, batch)] == [shown.path]


def test_a_job_that_is_just_being_made_is_not_listed_yet(qtbot, batch):
    path = new_job_path()
    path.parent.mkdir(parents=True)
    with exclusive(path.with_name(f"{path.name}.lock")):
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = WAL")  # as `Job` begins
        assert path.stat().st_size
        assert listed(qtbot, batch) == ()
        connection.close()
    assert "is empty" in listed(qtbot, batch)[0].problem  # its maker was killed


def test_a_job_that_is_not_there_does_not_open(qtbot, batch):
    with qtbot.waitSignal(batch.failed, timeout=TIMEOUT) as failed:
        batch.open(paths.jobs() / "batch-gone.job")
    assert failed.args[0].text.startswith("There is no job ")
    assert batch.opened is None


def test_of_two_jobs_that_are_opened_the_last_one_is_shown(qtbot, batch, folder):
    finish(qtbot, batch, folder)
    first = batch.opened.path
    finish(qtbot, batch, folder)
    second = batch.opened.path
    told = len(batch.all("job_opened"))
    with qtbot.waitSignal(batch.job_opened, timeout=TIMEOUT):
        batch.open(second)
        batch.open(first)
    assert batch.opened.path == first
    listed(qtbot, batch)
    assert len(batch.all("job_opened")) == told + 1


def test_a_closed_job_tells_nothing_more(qtbot, batch, folder):
    finish(qtbot, batch, folder)
    path = batch.opened.path
    batch.close()
    assert batch.opened is None
    assert batch.told[-1] == ("job_closed",)
    batch.close()
    batch.resume()
    batch.ask_rows([1])
    batch.undo_filing()
    batch.export(path.with_name("x.csv"), "csv", CsvStyle())
    listed(qtbot, batch)
    assert [
        name for name, *_ in batch.told[batch.told.index(("job_closed",)) :] if name != "jobs_changed"
    ] == ["job_closed"]


def test_removing_a_job_closes_it_and_touches_no_picture(qtbot, batch, folder):
    finish(qtbot, batch, folder)
    path = batch.opened.path
    journal = new_journal(path)
    journal.touch()
    assert journals_of(path) == [journal]
    with qtbot.waitSignal(batch.message, timeout=TIMEOUT) as said:
        batch.remove(path)
    assert said.args == ["Removed pictures from the list; its pictures are untouched.", True]
    assert batch.opened is None
    assert listed(qtbot, batch) == ()
    assert list(paths.jobs().iterdir()) == []
    assert len(list(folder.iterdir())) == 12


def test_a_job_that_is_at_work_elsewhere_is_not_removed(qtbot, batch, folder):
    finish(qtbot, batch, folder)
    path = batch.opened.path
    batch.close()
    with Job(path), qtbot.waitSignal(batch.message, timeout=TIMEOUT) as said:
        batch.remove(path)
    assert said.args == [
        f"The batch {path.name} is running. Cancel it first, or wait until it is done.",
        False,
    ]
    assert path.exists()


@pytest.mark.parametrize("name", ["batch-1.txt", "classify-1.job", "../batch-1.job"])
def test_only_jobs_of_the_window_are_removed(qtbot, batch, name):
    path = paths.jobs() / name
    paths.jobs().mkdir(parents=True)
    path.touch()
    with qtbot.waitSignal(batch.message, timeout=TIMEOUT) as said:
        batch.remove(path)
    assert said.args[1] is False
    assert path.exists()


def test_a_job_that_is_damaged_while_it_is_shown_is_closed(qtbot, batch, folder):
    finish(qtbot, batch, folder)
    path = batch.opened.path
    batch.close()
    listed(qtbot, batch)
    Job(path).close()  # brings everything into the one file
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    open_job(qtbot, batch, path)
    qtbot.waitUntil(lambda: batch.opened is None, timeout=TIMEOUT)
    assert "is damaged" in batch.last("failed").text
