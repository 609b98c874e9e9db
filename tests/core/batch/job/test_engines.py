"""A job knows what computed each of its predictions."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from desktop_app.core.batch.job.errors import JobError
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.listing import Found
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.rows import Outcome, engine_from, engine_text
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.inference.choice import AnsweredBy
from tests.core.batch.fakes import new_job

FIRST = AnsweredBy("openvino", "bfloat16", "CPU (2 cores)", processor="Chip A")
SECOND = AnsweredBy("tensorflow", "float32", "GPU: a chip", "OpenVINO cannot: ü.")


def outcome(number, by=FIRST):
    return Outcome(number, (0, 1), (0.75, 0.25), by=by)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "one.job"
    with new_job(path, tmp_path) as job:
        names = [f"{tmp_path}/{number}".encode() for number in range(6)]
        job.add([Found(0, name, name) for name in names])
        job.record([outcome(1), outcome(2, SECOND), outcome(3)])
    return path


def as_an_earlier_build_made_it(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP INDEX by_engine")
        connection.execute("ALTER TABLE pictures DROP COLUMN engine")
        connection.execute("DROP TABLE engines")


def engines(path):
    with JobReader(path) as reader:
        return [row.by for row in reader.select()]


def test_each_row_says_what_computed_it(path):
    assert engines(path) == [FIRST, SECOND, FIRST, None, None, None]
    with JobReader(path) as reader:
        assert reader.engines() == [(FIRST, 2), (SECOND, 1)]
        row = next(reader.select())
        assert row.as_result("colours").by == FIRST


def test_a_job_that_is_resumed_elsewhere_keeps_both(path):
    elsewhere = replace(FIRST, processor="Chip B")
    with JobReader(path) as reader:
        assert len(reader.engines()) == 2
        with Job(path) as job:
            job.record([outcome(4, elsewhere), outcome(5)])
        rows = reader.rows_of([5, 4])
    assert [row.by for row in rows] == [FIRST, elsewhere]


def test_a_job_of_an_earlier_build_is_read_and_resumed(path):
    as_an_earlier_build_made_it(path)
    assert engines(path) == [None] * 6
    with JobReader(path) as reader:
        assert reader.engines() == [(None, 3)]
        with Job(path) as job:
            job.record([outcome(4, SECOND)])
        assert reader.engines() == [(None, 3), (SECOND, 1)]
        assert next(reader.select()).prediction is not None


def test_what_an_earlier_build_adds_to_it_is_unknown(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE pictures SET status = 1, label = 0, probability = 0.5 WHERE id = 4")
        connection.execute("UPDATE pictures SET answers = (SELECT answers FROM pictures WHERE id = 1)")
    assert engines(path)[3] is None
    with JobReader(path) as reader:
        assert reader.engines() == [(FIRST, 2), (None, 1), (SECOND, 1)]


def test_an_engine_whose_rows_did_not_reach_the_disk_is_written_with_the_next_ones(path, monkeypatch):
    third = replace(FIRST, precision="float32")
    with Job(path) as job:
        values, broken = job._values, []

        def breaks_once(one):
            found = values(one)
            if not broken:
                broken.append(one)
                raise sqlite3.OperationalError("disk I/O error")
            return found

        monkeypatch.setattr(job, "_values", breaks_once)
        with pytest.raises((JobError, StorageError)):
            job.record([outcome(4, third)])
        job.record([outcome(5, third)])
    assert engines(path)[3:] == [None, third, None]


@pytest.mark.parametrize(
    "damage", ["{", "[]", '{"engine": "abacus"}', '{"engine": "openvino", "precision": 3}']
)
def test_what_is_damaged_is_said(path, damage):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE engines SET described = ? WHERE id = 1", (damage,))
    with JobReader(path) as reader, pytest.raises(JobError, match="damaged"):
        list(reader.select())


def test_what_a_later_version_adds_is_left_out():
    assert engine_from(engine_text(SECOND)) == SECOND
    assert engine_from(engine_text(SECOND).replace("{", '{"colour": "red", ', 1)) == SECOND
