"""What a job says as a whole: its overview, the scores of its model, and exports."""

from __future__ import annotations

import csv

import pytest

from desktop_app.core.batch.job.reader import Counts
from desktop_app.core.batch.results import export, scoring
from desktop_app.core.classify.results_csv import CsvStyle
from desktop_app.core.foundation.errors import StorageError
from tests.core.batch.fakes import COLOURS, write_picture
from tests.workers.batch_fakes import (
    TIMEOUT,
    begin_and_hold,
    finish,
    listed,
    open_job,
    overview,
    until_stopped,
)


@pytest.fixture
def classes(tmp_path):
    """Folders named after the classes; one green picture lies among the red ones."""
    for name, colour in zip(("red", "green", "blue"), COLOURS, strict=True):
        for number in range(3):
            write_picture(tmp_path / "classes" / name / f"{number}.ppm", colour)
    write_picture(tmp_path / "classes" / "red" / "3.ppm", COLOURS[1])
    return tmp_path / "classes"


def test_the_overview_comes_by_itself_and_only_when_it_changed(qtbot, batch, folder):
    (folder / "0.ppm").write_bytes(b"")
    finish(qtbot, batch, folder)
    found = overview(qtbot, batch, lambda overview: overview.counts == Counts(11, 1, 12))
    assert found.labels == ((2, 4), (1, 4), (0, 3))
    assert found.scores is None
    told = len(batch.all("overview_ready"))
    finish(qtbot, batch)
    listed(qtbot, batch)
    assert len(batch.all("overview_ready")) == told


def has_scores(overview):
    return overview.scores is not None


def test_scores_come_at_the_end_and_when_a_job_is_opened_again(qtbot, batch, classes):
    finish(qtbot, batch, classes)
    scores = overview(qtbot, batch, has_scores).scores
    assert (scores.correct, scores.pictures) == (9, 10)
    path = batch.opened.path
    batch.close()
    told = len(batch.all("overview_ready"))
    open_job(qtbot, batch, path)
    assert overview(qtbot, batch, has_scores, told).scores.correct == 9


def test_filed_pictures_are_scored_by_the_folders_they_came_from(qtbot, batch, classes, tmp_path):
    finish(qtbot, batch, classes)
    path = batch.opened.path
    with qtbot.waitSignal(batch.plan_ready, timeout=TIMEOUT) as planned:
        batch.plan_filing(None, classes, "move")
    with qtbot.waitSignal(batch.filed, timeout=TIMEOUT):
        batch.carry_out(planned.args[0])
    assert len(list((classes / "green").iterdir())) == 4
    batch.close()
    told = len(batch.all("overview_ready"))
    open_job(qtbot, batch, path)
    assert overview(qtbot, batch, has_scores, told).scores.correct == 9


def test_nothing_is_scored_while_the_job_runs(qtbot, batch, models, classes, monkeypatch):
    asked = []
    monkeypatch.setattr(scoring, "score", lambda _reader: asked.append(batch.running))
    begin_and_hold(qtbot, batch, models, classes)
    with until_stopped(qtbot, batch):
        models.answers_go_on.set()
    qtbot.waitUntil(lambda: bool(asked), timeout=TIMEOUT)
    assert asked == [False]


def test_answers_are_exported_with_the_places_where_the_pictures_are(qtbot, batch, folder, tmp_path):
    finish(qtbot, batch, folder)
    with qtbot.waitSignal(batch.plan_ready, timeout=TIMEOUT) as planned:
        batch.plan_filing([1], tmp_path / "filed", "move")
    with qtbot.waitSignal(batch.filed, timeout=TIMEOUT):
        batch.carry_out(planned.args[0])
    with qtbot.waitSignal(batch.message, timeout=TIMEOUT) as said:
        batch.export(tmp_path / "answers.csv", "csv", CsvStyle())
    assert said.args == ["12 results written to answers.csv.", True]
    rows = list(csv.DictReader((tmp_path / "answers.csv").read_text().splitlines()))
    sources = dict.fromkeys(row["source"] for row in rows)
    assert len(sources) == 12
    assert next(iter(sources)) == str(tmp_path / "filed" / "red" / "0.ppm")


def test_an_export_that_fails_says_so_and_leaves_what_was_there(qtbot, batch, folder, tmp_path, monkeypatch):
    finish(qtbot, batch, folder)
    with qtbot.waitSignal(batch.message, timeout=TIMEOUT) as said:
        batch.export(tmp_path / "gone" / "answers.csv", "csv", CsvStyle())
    assert said.args[1] is False
    (tmp_path / "answers.csv").write_text("before")

    def refuse(*_arguments, **_options):
        raise StorageError("The disk is too full.", "Make room.")

    monkeypatch.setattr(export, "write_stream", refuse)
    with qtbot.waitSignal(batch.message, timeout=TIMEOUT) as said:
        batch.export(tmp_path / "answers.csv", "csv", CsvStyle())
    assert said.args == ["The disk is too full. Make room.", False]
    assert (tmp_path / "answers.csv").read_text() == "before"


def test_an_export_is_given_up_without_a_trace(qtbot, make_batch, folder, tmp_path, monkeypatch):
    service = make_batch()
    finish(qtbot, service, folder)
    write_stream = export.write_stream

    def wait(*arguments, **options):
        service._cancel_exports.cancel()  # as the window does, whose thread waits for this one then
        return write_stream(*arguments, **options)

    monkeypatch.setattr(export, "write_stream", wait)
    service.export(tmp_path / "answers.csv", "csv", CsvStyle())
    assert service.shutdown(60)
    assert [path for path in tmp_path.iterdir() if "answers" in path.name] == []


def test_thumbnails_come_also_while_a_job_runs(qtbot, batch, models, folder):
    begin_and_hold(qtbot, batch, models, folder)
    with qtbot.waitSignal(batch.thumbnail_ready, timeout=TIMEOUT) as made:
        batch.request_thumbnails([folder / "0.ppm"])
    assert made.args[0].pixels.shape == (8, 8, 3)
