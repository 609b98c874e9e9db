"""Jobs run, pause, end and resume; every request returns at once and every run ends once."""

from __future__ import annotations

import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop_app.core.batch.job.filters import RowFilter, Sort
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.reader import Counts, JobReader
from desktop_app.core.batch.job.rows import Status
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import ModelError, Reason, StorageError
from tests.core.batch.fakes import make_folder, note_threads, write_picture
from tests.tiny_model import colour_card
from tests.workers.batch_fakes import (
    TIMEOUT,
    all_rows,
    begin_and_hold,
    finish,
    install,
    listed,
    open_job,
    overview,
    until_stopped,
)


def test_a_folder_becomes_a_job_that_is_shown(qtbot, batch, folder):
    finish(qtbot, batch, folder)
    assert batch.opened.name == "pictures"
    assert batch.opened.spec.sources == (folder,)
    assert batch.all("running_changed") == [True, False]
    assert batch.all("model_loading") == ["Loading Colours…", ""]
    assert batch.last("ended").finished
    assert batch.last("ended").answered == 12
    assert batch.last("progressed").done == 12
    with qtbot.waitSignal(batch.view_ready, timeout=TIMEOUT) as viewed:
        batch.ask_view(RowFilter(label=2), Sort("path", descending=True))
    (view,) = viewed.args
    assert (view.filter, view.sort) == (RowFilter(label=2), Sort("path", descending=True))
    assert list(view.numbers) == [9, 6, 3, 12]
    with qtbot.waitSignal(batch.rows_ready, timeout=TIMEOUT) as read:
        batch.ask_rows(view.numbers)
    assert [row.number for row in read.args[0]] == [9, 6, 3, 12]
    assert {row.prediction.top.label for row in read.args[0]} == {"blue"}


@pytest.mark.parametrize(("fit", "expected"), [(None, "squash"), ("crop", "crop")])
def test_the_fit_of_a_new_job_is_that_of_the_card_or_the_chosen_one(qtbot, batch, folder, fit, expected):
    batch.set_fit(fit)
    finish(qtbot, batch, folder)
    assert (batch.opened.spec.fit, batch.opened.spec.crop_share) == (expected, 1.0)


def test_pictures_are_decoded_in_threads_of_their_own(qtbot, batch, folder, monkeypatch):
    names = note_threads(monkeypatch)
    finish(qtbot, batch, folder)
    assert names
    assert {name.rpartition("_")[0] for name in names} == {"decoding"}


def test_the_model_is_kept_for_the_next_job_but_not_when_it_was_changed(
    qtbot, batch, models, library, folder, tmp_path
):
    finish(qtbot, batch, folder)
    finish(qtbot, batch, folder)
    assert models.loaded == ["colours"]
    (tmp_path / "weights").write_text("trained again")
    shutil.rmtree(library.installed / "colours")
    library.add(colour_card(), tmp_path / "weights")
    finish(qtbot, batch, folder)
    finish(qtbot, batch, folder, model_id="others")
    assert models.loaded == ["colours", "colours", "others"]


# Beginnings that fail, and odd ones that do not


def fails_to_begin(qtbot, batch, sources, model_id="colours"):
    with qtbot.waitSignal(batch.failed, timeout=TIMEOUT) as failed:
        batch.begin(sources, model_id)
    assert not batch.running
    assert listed(qtbot, batch) == ()
    assert batch.opened is None
    return failed.args[0].text


def test_nothing_is_no_job(qtbot, batch):
    assert fails_to_begin(qtbot, batch, []) == "There is nothing to classify."
    assert batch.all("running_changed") == []


def test_a_folder_that_is_gone_is_no_job(qtbot, batch, tmp_path):
    assert fails_to_begin(qtbot, batch, [tmp_path / "gone"]) == f"There is no {tmp_path / 'gone'}."
    assert batch.all("running_changed") == [True, False]


def test_an_unknown_model_begins_no_job(qtbot, batch, folder):
    assert fails_to_begin(qtbot, batch, [folder], "nobody") == "There is no model 'nobody'."


def test_a_model_that_cannot_be_loaded_leaves_no_job_behind(qtbot, batch, models, folder):
    models.error = ModelError("It is damaged.", "Remove it.")
    with until_stopped(qtbot, batch):
        batch.begin([folder], "colours")
    assert batch.last("failed") == Reason("It is damaged.", "Remove it.")
    assert [name for name, *_ in batch.told if name in {"job_opened", "job_closed", "failed"}] == [
        "job_opened",
        "job_closed",
        "failed",
    ]
    assert batch.all("model_loading") == ["Loading Colours…", ""]
    assert listed(qtbot, batch) == ()
    models.error = None
    finish(qtbot, batch, folder)
    assert batch.last("ended").answered == 12


def test_a_defect_ends_the_run_and_the_thread_lives_on(qtbot, batch, models, folder):
    models.error = ZeroDivisionError("one by none")
    with qtbot.captureExceptions() as caught:
        with until_stopped(qtbot, batch):
            batch.begin([folder], "colours")
        qtbot.waitUntil(lambda: bool(caught), timeout=TIMEOUT)
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]
    assert batch.last("failed").text == "The batch failed: one by none."
    models.error = None
    finish(qtbot, batch, folder)
    assert batch.last("ended").finished


def test_files_and_folders_in_one_job_each_picture_once(qtbot, batch, folder, tmp_path):
    single = write_picture(tmp_path / "single.ppm")
    finish(qtbot, batch, single, folder, folder / "0.ppm", single)
    assert batch.opened.spec.sources == (single, folder)
    assert batch.opened.name == "single.ppm and pictures"
    assert len(all_rows(qtbot, batch)) == 13


def test_a_folder_without_pictures_ends_at_once_and_says_so(qtbot, batch, tmp_path):
    (tmp_path / "empty").mkdir()
    finish(qtbot, batch, tmp_path / "empty")
    assert batch.last("ended").finished
    (problem,) = overview(qtbot, batch, lambda overview: bool(overview.problems)).problems
    assert "No pictures in" in problem.reason
    assert all_rows(qtbot, batch) == ()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
def test_names_that_are_not_utf8(qtbot, batch, tmp_path):
    folder = tmp_path / os.fsdecode(b"sch\xf6n")
    write_picture(folder / os.fsdecode(b"\xff.ppm"))
    finish(qtbot, batch, folder)
    assert batch.opened.name == "sch\N{REPLACEMENT CHARACTER}n"
    (row,) = all_rows(qtbot, batch)
    assert row.path == folder / os.fsdecode(b"\xff.ppm")
    assert row.status is Status.DONE
    assert listed(qtbot, batch)[0].name == batch.opened.name


# Holding, ending, going on


def test_only_one_job_runs_and_it_stays_the_one_that_is_shown(qtbot, batch, models, folder):
    finish(qtbot, batch, folder)
    earlier = batch.opened.path
    begin_and_hold(qtbot, batch, models, folder)
    running = batch.opened
    for request in (
        lambda: batch.begin([folder], "colours"),
        batch.resume,
        batch.close,
        lambda: batch.open(earlier),
        lambda: batch.remove(running.path),
    ):
        told = len(batch.all("message"))
        request()
        assert batch.all("message")[told:] == [
            ["Pictures are being classified: cancel that first, or wait until it is done.", False]
        ]
    batch.open(running.path)
    assert batch.opened is running
    with until_stopped(qtbot, batch):
        models.answers_go_on.set()
    assert batch.last("ended").finished
    assert len(listed(qtbot, batch)) == 2


def test_a_job_is_held_and_goes_on(qtbot, batch, models, folder):
    begin_and_hold(qtbot, batch, models, folder)
    batch.pause()
    with qtbot.waitSignal(batch.progressed, timeout=TIMEOUT, check_params_cb=lambda told: told.paused):
        models.answers_go_on.set()
    assert batch.paused
    assert batch.running
    assert 0 < batch.last("progressed").done < 12
    with until_stopped(qtbot, batch):
        batch.unpause()
    assert not batch.paused
    assert batch.last("ended").finished


def test_a_cancelled_job_goes_on_where_it_stopped(qtbot, batch, models, folder):
    begin_and_hold(qtbot, batch, models, folder)
    with until_stopped(qtbot, batch):
        batch.cancel()
        models.answers_go_on.set()
    first = batch.last("ended")
    assert not first.finished
    assert 0 < first.left < 12
    (entry,) = listed(qtbot, batch)
    assert (entry.state, entry.counts) == ("stopped", Counts(first.answered, 0, 12))
    finish(qtbot, batch)
    assert batch.last("ended").answered == 12 - first.answered
    assert batch.last("ended").finished
    assert listed(qtbot, batch)[0].state == "finished"
    assert len(batch.all("job_opened")) == 1
    assert [row.status for row in all_rows(qtbot, batch)] == [Status.DONE] * 12


def test_a_held_job_can_be_cancelled(qtbot, batch, models, folder):
    begin_and_hold(qtbot, batch, models, folder)
    batch.pause()
    with qtbot.waitSignal(batch.progressed, timeout=TIMEOUT, check_params_cb=lambda told: told.paused):
        models.answers_go_on.set()
    with until_stopped(qtbot, batch):
        batch.cancel()
    assert not batch.paused
    assert not batch.last("ended").finished


def test_cancelling_while_the_model_is_loaded_ends_at_once(qtbot, batch, models, folder):
    models.load_goes_on.clear()
    with qtbot.waitSignal(batch.model_loading, timeout=TIMEOUT):
        batch.begin([folder], "colours")
    assert listed(qtbot, batch)[0].state == "running"
    batch.cancel()
    assert not batch.running
    assert batch.all("running_changed") == [True, False]
    assert batch.all("model_loading") == ["Loading Colours…", ""]
    assert not batch.last("ended").finished
    assert listed(qtbot, batch)[0].state == "waiting"
    with until_stopped(qtbot, batch):
        batch.resume()
        models.load_goes_on.set()
    assert batch.last("ended").answered == 12
    assert models.loaded == ["colours"]
    assert len(batch.all("ended")) == 2


def test_a_model_that_others_use_is_not_loaded_again(qtbot, batch, models, folder):
    with batch.pool.acquire("colours"):
        finish(qtbot, batch, folder)
    assert batch.last("ended").answered == 12
    assert batch.all("model_loading") == []
    assert models.loaded == ["colours"]


def test_a_job_that_is_cancelled_while_others_load_its_model_waits_no_more(qtbot, batch, models, folder):
    models.load_goes_on.clear()
    with ThreadPoolExecutor(1) as threads:
        elsewhere = threads.submit(batch.pool.acquire, "colours")
        qtbot.waitUntil(lambda: batch.pool.is_loading("colours"), timeout=TIMEOUT)
        with qtbot.waitSignal(batch.model_loading, timeout=TIMEOUT):
            batch.begin([folder], "colours")
        batch.cancel()
        assert not batch.last("ended").finished
        assert batch.shutdown(60)  # although the model is still being loaded
        models.load_goes_on.set()
        elsewhere.result(60).release()
    assert models.loaded == ["colours"]


def test_a_job_that_was_cancelled_while_its_model_was_loaded_can_be_removed(qtbot, batch, models, folder):
    models.load_goes_on.clear()
    with qtbot.waitSignal(batch.model_loading, timeout=TIMEOUT):
        batch.begin([folder], "colours")
    batch.cancel()
    with qtbot.waitSignal(batch.message, timeout=TIMEOUT):
        batch.remove(batch.opened.path)
    models.load_goes_on.set()
    finish(qtbot, batch, folder)
    assert len(listed(qtbot, batch)) == 1


def test_a_shut_down_job_goes_on_in_the_next_window(qtbot, make_batch, models, folder):
    first = make_batch()
    begin_and_hold(qtbot, first, models, folder)
    first.pause()
    with qtbot.waitSignal(first.progressed, timeout=TIMEOUT, check_params_cb=lambda told: told.paused):
        models.answers_go_on.set()
    path, done = first.opened.path, first.last("progressed").done
    assert first.shutdown(60)
    second = make_batch()
    assert [entry.state for entry in listed(qtbot, second)] == ["interrupted"]
    open_job(qtbot, second, path)
    finish(qtbot, second)
    assert second.last("ended").answered == 12 - done


def test_the_window_closes_while_a_model_is_loaded(qtbot, make_batch, models, folder):
    first = make_batch()
    models.load_goes_on.clear()
    with qtbot.waitSignal(first.model_loading, timeout=TIMEOUT):
        first.begin([folder], "colours")
    path = first.opened.path
    assert not first.shutdown(0.05)  # nothing can interrupt that
    models.load_goes_on.set()
    assert first.shutdown(60)
    second = make_batch()
    open_job(qtbot, second, path)
    finish(qtbot, second)
    assert second.last("ended").answered == 12


def test_a_job_can_be_held_before_its_model_is_there(qtbot, batch, models, folder):
    models.load_goes_on.clear()
    with qtbot.waitSignal(batch.model_loading, timeout=TIMEOUT):
        batch.begin([folder], "colours")
    batch.pause()
    with qtbot.waitSignal(batch.progressed, timeout=TIMEOUT, check_params_cb=lambda told: told.paused):
        models.load_goes_on.set()
    assert not models.asked.is_set()
    with until_stopped(qtbot, batch):
        batch.unpause()
    assert batch.last("ended").answered == 12


def test_a_service_that_was_shut_down_begins_nothing(batch, folder):
    assert batch.shutdown(60)
    batch.begin([folder], "colours")
    assert not batch.running
    assert not paths.jobs().exists()


# What goes wrong with a job


def stop_half_way(qtbot, batch, models, folder):
    begin_and_hold(qtbot, batch, models, folder)
    with until_stopped(qtbot, batch):
        batch.cancel()
        models.answers_go_on.set()
    return batch.last("ended").answered


def fails_to_go_on(qtbot, batch):
    told = len(batch.all("ended"))
    with qtbot.waitSignal(batch.failed, timeout=TIMEOUT) as failed:
        batch.resume()
    assert not batch.running
    assert len(batch.all("ended")) == told
    return failed.args[0].text


def test_a_job_that_is_at_work_elsewhere_does_not_go_on(qtbot, batch, models, folder):
    stop_half_way(qtbot, batch, models, folder)
    with Job(batch.opened.path) as elsewhere:
        elsewhere.state = "running"
        assert fails_to_go_on(qtbot, batch).endswith("is already running.")
        assert listed(qtbot, batch)[0].state == "running"
    assert listed(qtbot, batch)[0].state == "interrupted"
    finish(qtbot, batch)
    assert batch.last("ended").finished


def test_a_job_whose_folder_is_gone_waits_for_it(qtbot, batch, models, folder):
    answered = stop_half_way(qtbot, batch, models, folder)
    folder.rename(folder.with_name("away"))
    assert fails_to_go_on(qtbot, batch) == f"The folder {folder} is not there."
    folder.with_name("away").rename(folder)
    finish(qtbot, batch)
    assert (batch.last("ended").answered, batch.last("ended").failed) == (12 - answered, 0)


def test_pictures_wait_when_their_folder_goes_while_the_job_runs(qtbot, batch, models, folder):
    make_folder(folder, 40)  # more than are decoded ahead
    begin_and_hold(qtbot, batch, models, folder)
    folder.rename(folder.with_name("away"))
    folder.mkdir()  # as the place where a disk was mounted stays
    with until_stopped(qtbot, batch):
        models.answers_go_on.set()
    assert batch.last("failed").text == f"The folder {folder} is not there."
    (entry,) = listed(qtbot, batch)
    assert (entry.state, entry.counts.failed, entry.counts.total) == ("interrupted", 0, 40)
    assert 4 <= entry.counts.done < 40
    folder.rmdir()
    folder.with_name("away").rename(folder)
    finish(qtbot, batch)
    assert (batch.last("ended").answered, batch.last("ended").failed) == (40 - entry.counts.done, 0)


def test_other_weights_do_not_go_on_with_a_job(qtbot, batch, models, library, folder, tmp_path):
    stop_half_way(qtbot, batch, models, folder)
    shutil.rmtree(library.installed / "colours")
    (tmp_path / "weights").write_text("others")
    library.add(colour_card(), tmp_path / "weights")
    assert fails_to_go_on(qtbot, batch) == "This job was started with other weights of the model colours."


def test_a_model_that_is_gone_does_not_go_on_with_a_job(qtbot, batch, models, library, folder, tmp_path):
    stop_half_way(qtbot, batch, models, folder)
    shutil.rmtree(library.installed / "colours")
    assert fails_to_go_on(qtbot, batch) == "There is no model 'colours'."
    install(library, tmp_path, "colours")
    finish(qtbot, batch)
    assert batch.last("ended").finished


def test_a_full_disk_ends_the_run_and_what_was_answered_stays(qtbot, batch, models, folder, monkeypatch):
    answered = stop_half_way(qtbot, batch, models, folder)

    def refuse(job, _outcomes):
        raise StorageError(f"The disk is too full for the job {job.path}.", "Make room.")

    with monkeypatch.context() as patched:
        patched.setattr(Job, "record", refuse)
        assert fails_to_go_on(qtbot, batch).startswith("The disk is too full")
    (entry,) = listed(qtbot, batch)
    assert (entry.state, entry.counts.done) == ("interrupted", answered)
    finish(qtbot, batch)
    with JobReader(batch.opened.path) as reader:
        assert reader.counts() == Counts(12, 0, 12)


# At a pace that a window can follow


def test_a_table_is_told_of_new_rows_at_most_once_a_second(qtbot, batch, tmp_path, monkeypatch):
    told = []
    batch.rows_changed.connect(lambda: told.append((time.monotonic(), batch.running)))
    monkeypatch.setattr("desktop_app.core.foundation.report_rate.REPORTS_PER_SECOND", 1e9)
    monkeypatch.setattr("desktop_app.core.batch.job.job.COMMIT_ROWS", 1)
    for number in range(200):
        write_picture(tmp_path / "many" / f"{number}.ppm")
    finish(qtbot, batch, tmp_path / "many")
    assert len(batch.all("progressed")) > 20
    assert told.pop()[1] is False
    took = told[-1][0] - told[0][0]
    assert len(told) <= took / 0.9 + 1.5  # half a second for a busy machine, on which one comes late
