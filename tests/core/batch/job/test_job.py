from __future__ import annotations

import os
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app.core.batch.job.database import APPLICATION_ID
from desktop_app.core.batch.job.errors import JobAtWork, JobError
from desktop_app.core.batch.job.job import COMMIT_ROWS, Job, delete_job
from desktop_app.core.batch.job.listing import EMPTY_FOLDER
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.rows import Outcome, Status
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import StorageError
from tests.core.batch.fakes import make_folder, new_job, spec_for, write_picture
from tests.tiny_model import colour_card


def list_all(job):
    listing = job.listing()
    while not listing.finished:
        for piece in listing.more(10):
            job.add(piece)
    job.commit()


def answered(number, seconds=0.1):
    return Outcome(number, (1, 2), (0.75, 0.25), seconds)


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "pictures", 12)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "jobs" / "one.job"


def test_pictures_are_listed_in_the_order_found_and_answers_kept(folder, path):
    with new_job(path, folder) as job:
        list_all(job)
        assert job.total == 12
        waiting = job.waiting(0, 5)
        assert waiting == [(number, folder / f"{number - 1}.ppm") for number in range(1, 6)]
        job.record([answered(1), Outcome(2, reason="It is empty.")])
    assert list(path.parent.iterdir()) == [path]
    with Job(path) as job:
        assert (job.done, job.failed, job.total) == (1, 1, 12)
        assert [number for number, _ in job.waiting(0, 100)] == list(range(3, 13))
    with JobReader(path) as reader:
        first, second, third = reader.rows_of([1, 2, 3])
    assert first.prediction.top.label == "green"
    assert first.prediction.top.probability == 0.75
    assert [entry.label for entry in first.prediction.labels] == ["green", "blue"]
    assert (second.status, second.reason) == (Status.FAILED, "It is empty.")
    assert third.status is Status.WAITING


def test_new_pictures_are_appended_and_known_ones_keep_their_answers(folder, path):
    with new_job(path, folder) as job:
        list_all(job)
        job.record([answered(number) for number in range(1, 13)])
    write_picture(folder / "0 first.ppm")
    with new_job(path, folder) as job:
        list_all(job)
        assert job.waiting(0, 100) == [(13, folder / "0 first.ppm")]
        assert job.done == 12


def test_only_what_was_committed_is_acknowledged(folder, path):
    with new_job(path, folder) as job:
        list_all(job)
        job._last_record = job._since = 1e12  # nothing is due by time
        job.record([answered(1)])
        assert job.done == 0
        with JobReader(path) as reader:
            assert reader.counts().done == 0
            job.commit()
            assert job.done == reader.counts().done == 1


def test_many_answers_or_slow_ones_are_committed_at_once(tmp_path, path):
    folder = make_folder(tmp_path / "many", COMMIT_ROWS + 1)
    with new_job(path, folder) as job:
        list_all(job)
        job.record([answered(1)])  # nothing was recorded before: the next may take as long
        assert job.done == 1
        job.record([answered(2)])
        assert job.done == 1
        job.record([answered(number) for number in range(3, COMMIT_ROWS + 2)])
        assert job.done == COMMIT_ROWS + 1


def test_names_that_are_no_text_come_through(tmp_path, path):
    names = ["späce ünï 🙂.ppm", "two\nlines.ppm", "x" * 200 + ".ppm", "100%41.ppm"]
    if sys.platform == "linux":
        names.append(os.fsdecode(b"\xff\xfe.ppm"))
    folder = tmp_path / "fol\nder %41"
    for name in names:
        write_picture(folder / name)
    with new_job(path, folder) as job:
        list_all(job)
    with Job(path) as job:
        assert job.spec.sources == (folder,)
        assert {found.name for _, found in job.waiting(0, 9)} == set(names)
        assert all(found.is_file() for _, found in job.waiting(0, 9))


def test_relative_sources_are_found_from_anywhere(folder, path, monkeypatch, tmp_path):
    monkeypatch.chdir(folder.parent)
    with Job(path, spec_for(folder.relative_to(tmp_path))) as job:
        list_all(job)
    monkeypatch.chdir("/")
    with Job(path) as job, JobReader(path) as reader:
        assert job.waiting(0, 1)[0][1] == folder / "0.ppm"
        assert str(reader.rows_of([1])[0].path) == str(Path("pictures", "0.ppm"))


def test_the_current_folder_gives_plain_names(folder, path, monkeypatch):
    monkeypatch.chdir(folder)
    with Job(path, spec_for(Path())) as job:
        list_all(job)
        assert job.waiting(0, 1)[0][1] == folder / "0.ppm"
    with JobReader(path) as reader:
        assert str(reader.rows_of([1])[0].path) == "0.ppm"


def test_folders_without_pictures_are_named_where_they_stand(tmp_path, path, folder):
    empty = tmp_path / "empty"
    empty.mkdir()
    with new_job(path, folder, empty, folder / "1.ppm", tmp_path / "gone.ppm") as job:
        list_all(job)
        assert job.total == 14  # one is named twice, one is missing, which shows when its turn comes
    with JobReader(path) as reader:
        [problem] = reader.problems()
    assert (problem.path, problem.reason, problem.after) == (empty, EMPTY_FOLDER, 12)
    write_picture(empty / "now.ppm")
    with Job(path) as job:
        list_all(job)
    with JobReader(path) as reader:
        assert not reader.problems()
        assert reader.counts().total == 15


def test_one_writer_at_a_time(folder, path):
    with new_job(path, folder), pytest.raises(JobError, match="already running"):
        new_job(path, folder)
    new_job(path, folder).close()


def test_another_question_is_refused(folder, path, tmp_path):
    new_job(path, folder, top=2).close()
    with pytest.raises(JobError, match="--top 2, not 3"):
        new_job(path, folder)
    other = spec_for(folder, top=2).model_copy(update={"model_id": "everyday"})
    with pytest.raises(JobError, match="--model colours, not everyday"):
        Job(path, other)
    with pytest.raises(JobError, match="other weights"):
        Job(path, spec_for(folder, top=2).model_copy(update={"weights_sha256": "1" * 64}))
    with pytest.raises(JobError, match="something else"):
        new_job(path, tmp_path, top=2)


def test_a_job_that_is_not_there_is_not_made(path):
    with pytest.raises(JobError, match="There is no job"):
        Job(path)
    with pytest.raises(JobError, match="There is no job"):
        JobReader(path)
    assert not path.exists()


def test_a_job_whose_maker_was_killed_at_once_is_made_again(folder, path):
    path.parent.mkdir()
    path.touch()
    with pytest.raises(JobError, match="empty"):
        Job(path)
    with new_job(path, folder) as job:
        list_all(job)
        assert job.total == 12


@pytest.mark.parametrize("open_it", [Job, JobReader])
def test_foreign_and_damaged_files_are_refused_and_left_alone(open_it, path, folder):
    path.parent.mkdir()
    path.write_text("no database, but some text that is long enough to be one" * 100)
    before = path.read_bytes()
    with pytest.raises(JobError, match=r"damaged|not a job"):
        open_it(path)
    assert path.read_bytes() == before

    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(JobError, match="not a job of Sightline"):
        open_it(path)
    assert path.read_bytes() == before
    if open_it is Job:
        with pytest.raises(JobError, match="not a job of Sightline"):
            new_job(path, folder)


def test_damage_within_is_told(path, folder):
    with new_job(path, folder) as job:
        list_all(job)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(JobError, match="damaged"):
        Job(path)
    with pytest.raises(JobError, match="damaged"), JobReader(path) as reader:
        reader.counts()


def test_a_spec_that_does_not_validate_is_damage(path, folder):
    new_job(path, folder).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = '{}' WHERE key = 'spec'")
    connection.close()
    with pytest.raises(JobError, match="damaged"):
        JobReader(path)


def test_a_newer_version_is_told(path, folder):
    new_job(path, folder).close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(JobError, match="newer Sightline"):
        Job(path)


def test_a_full_disk_loses_only_what_was_not_acknowledged(folder, path):
    with new_job(path, folder) as job:
        list_all(job)
        job.record([answered(1)])
        job.commit()
        job._connection.execute("PRAGMA max_page_count = 1")  # as small as it is now
        with pytest.raises(StorageError, match="too full"):
            job.record([Outcome(number, reason="x" * 100_000) for number in range(2, 13)])
        assert (job.done, job.failed, job.total) == (1, 0, 12)
        job._connection.execute("PRAGMA max_page_count = 1000000")
        job.record([answered(2)])
    with Job(path) as job:
        assert job.done == 2


def test_a_job_that_may_not_be_written_is_told(folder, path):
    """Permission is taken away by SQLite, since the tests may run as root."""
    with new_job(path, folder) as job:
        list_all(job)
        job._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StorageError, match="cannot be opened or written") as error:
            job.record([answered(1)])
    assert "you may use" in error.value.advice


def test_a_job_in_the_apps_own_folder_that_may_not_be_written_names_the_way_out(folder):
    with new_job(paths.jobs() / "one.job", folder) as job:
        list_all(job)
        job._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StorageError) as error:
            job.record([answered(1)])
    assert "set SIGHTLINE_HOME to another folder" in error.value.advice


def test_a_place_that_is_no_folder_is_told(folder, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        new_job(tmp_path / "file" / "one.job", folder)


def test_nothing_stays_beside_a_job_that_was_looked_at_while_it_was_closed(folder, path):
    job = new_job(path, folder)
    list_all(job)
    with JobReader(path) as reader:
        job.close()
        assert reader.counts().total == 12
        copy = path.with_name("copy.job")
        copy.write_bytes(path.read_bytes())
    assert sorted(path.parent.iterdir()) == [copy, path]
    with JobReader(copy) as reader:  # the one file has everything, even while it is looked at
        assert reader.counts().total == 12


def test_who_reads_a_job_cannot_write_it(folder, path):
    with new_job(path, folder) as job:
        list_all(job)
    with JobReader(path) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._connection.execute("DELETE FROM pictures")


def test_a_deleted_job_leaves_nothing(folder, path):
    job = new_job(path, folder)
    list_all(job)
    job.delete()
    assert not list(path.parent.iterdir())
    delete_job(path)


def test_a_job_that_is_begun_anew_forgets_what_was_there(folder, path):
    with Job(path, spec_for(folder)) as job:
        list_all(job)
        with pytest.raises(JobAtWork):
            Job(path, spec_for(folder), fresh=True)
        assert job.total == 12
    with Job(path, spec_for(folder), fresh=True) as job:
        assert job.total == 0


def test_deleting_leaves_a_job_alone_that_was_begun_in_the_same_place_meanwhile(folder, path, monkeypatch):
    job, close = Job(path, spec_for(folder)), Job.close
    begun = []

    def close_and_be_late(self):
        close(self)
        if not begun:
            begun.append(Job(path, spec_for(folder), fresh=True))

    monkeypatch.setattr(Job, "close", close_and_be_late)
    job.delete()
    assert path.is_file()
    list_all(begun[0])
    begun[0].delete()
    assert not list(path.parent.iterdir())


def test_states(folder, path):
    with new_job(path, folder) as job:
        assert job.state == "waiting"
        with JobReader(path) as reader:
            assert reader.worked is None
        before = datetime.now(UTC)
        job.state = "running"
        with JobReader(path) as reader:
            assert reader.state == "running"
            assert before <= reader.worked <= datetime.now(UTC)


def test_a_job_of_a_model_from_elsewhere_notes_how_it_gets_its_pictures(tmp_path):
    def elsewhere(**changes):
        spec = colour_card().input.model_dump() | changes
        return colour_card().changed(origin="imported", input=spec)

    spec = spec_for(tmp_path, card=elsewhere(preprocessing="unit"))
    assert spec.pixels == "pixels unit, scaled bicubic"
    again = JobSpec.model_validate_json(spec.as_stored())
    again.check_card(elsewhere(preprocessing="unit", fit="crop"))  # the job has a fit of its own
    for changes in ({"preprocessing": "symmetric"}, {"preprocessing": "unit", "resample": "keras"}):
        with pytest.raises(JobError, match="in another way when this job was started"):
            again.check_card(elsewhere(**changes))
        with pytest.raises(JobError, match="in another way"):
            again.check_same(spec_for(tmp_path, card=elsewhere(**changes)))
    own = spec_for(tmp_path)
    assert '"pixels":' not in own.as_stored()  # which earlier builds could not read
    own.check_card(colour_card())
