"""What goes wrong in a training ends as a sentence, and loses no more than it must."""

from __future__ import annotations

import errno
import itertools
import logging
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.datasets.pipeline import picture_store
from desktop_app.core.training import fit
from desktop_app.core.training.loop import callbacks, epochs, pictures, session
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import BatchEnded, EpochEnded, Finished, Started, Warned
from desktop_app.core.training.runs import checkpoint, event_files
from tests.core.training.tiny import make_data, stores_in, tiny_config
from tests.core.training.watched import Run, stop_at

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine", "every_batch_told")]


@pytest.fixture
def every_batch_told(monkeypatch):
    monkeypatch.setattr(callbacks, "EVENTS_PER_SECOND", 1e9)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return make_data(tmp_path_factory.mktemp("data"))


def failing(error):
    def fail(*_arguments, **_options):
        raise error

    return fail


def test_a_loss_that_is_not_a_number_advises_a_lower_rate(data, tmp_path):
    # The penalty alone then multiplies every weight by -19 in each step.
    config = tiny_config(
        data, optimizer="sgd", schedule="constant", learning_rate=10.0, l2=1.0, epochs=30, batch_size=2
    )
    run = Run(tmp_path, config)
    assert run.result.status == "failed"
    assert "no longer a number" in run.result.reason.text
    assert run.result.retry[0].changes == {"learning_rate": 1.0}
    assert run.result.model_id is None
    assert run.result.epochs < 30
    assert checkpoint.Checkpoints(run.entry.folder / "checkpoints").read_progress()


def test_an_infinite_loss_leaves_a_checkpoint_that_can_be_read(data, tmp_path, monkeypatch):
    fitted = epochs._Loop._fit

    def overflow(loop, training, watch):
        return fitted(loop, training, watch) | {"loss": float("inf")}

    def interrupt(watch):
        run_control.interrupt()
        validated(watch)

    validated = callbacks.BatchWatch.validation_batch_ended
    run_control = TrainingControl()
    monkeypatch.setattr(epochs._Loop, "_fit", overflow)
    monkeypatch.setattr(callbacks.BatchWatch, "validation_batch_ended", interrupt)
    runs, library = stores_in(tmp_path)
    result = fit.train(tiny_config(data), lambda event: None, run_control.token, runs=runs, library=library)
    assert "no longer a number" in result.reason.text
    assert checkpoint.Checkpoints(runs.get(result.run_id).folder / "checkpoints").read_progress()


def test_too_little_memory_offers_half_the_batch(data, tmp_path, monkeypatch):
    monkeypatch.setattr(callbacks.BatchWatch, "batch_ended", failing(MemoryError()))
    run = Run(tmp_path, tiny_config(data, input_size=16))
    assert run.result.status == "failed"
    assert "not enough memory" in run.result.reason.text
    assert [retry.changes for retry in run.result.retry] == [{"batch_size": 2}, {"input_size": 8}]


def test_a_full_disk_ends_the_run_and_keeps_the_last_checkpoint(data, tmp_path, monkeypatch):
    def fill_the_disk(_control, event):
        if isinstance(event, EpochEnded) and event.metrics.epoch == 1:
            monkeypatch.setattr(np, "savez", failing(OSError(errno.ENOSPC, "No space left on device")))

    run = Run(tmp_path, tiny_config(data, epochs=3), fill_the_disk)
    assert run.result.status == "failed"
    assert "too full" in run.result.reason.text
    assert "needed" in run.result.reason.text
    assert run.result.reason.advice
    monkeypatch.undo()
    assert run.entry.resumable
    again = run.resume()
    assert (again.status, again.epochs) == ("finished", 3)


def test_an_unexpected_error_is_a_sentence_and_a_traceback_in_the_log(data, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(callbacks.BatchWatch, "batch_ended", failing(ZeroDivisionError("odd")))
    run = Run(tmp_path, tiny_config(data))
    assert run.result.status == "failed"
    assert "unexpected error ended the training: odd" in run.result.reason.text
    assert "log.txt" in run.result.reason.advice
    assert "ZeroDivisionError" in (run.entry.folder / "log.txt").read_text()
    assert [record.levelno for record in caplog.records if record.name.startswith("desktop_app")] == [
        logging.ERROR
    ]


@pytest.mark.parametrize("error", [PermissionError(errno.EPERM, "Not permitted"), ZeroDivisionError("odd")])
def test_a_run_folder_that_refuses_is_a_failed_run_too(data, tmp_path, monkeypatch, caplog, error):
    monkeypatch.setattr(session.Session, "note_end", failing(error))
    run = Run(tmp_path, tiny_config(data, epochs=1))
    assert run.result.status == "failed"
    assert str(error.args[-1]) in run.result.reason.text
    assert run.events[-1] == Finished(run.result)
    assert [record.levelno for record in caplog.records if record.name.startswith("desktop_app")] == [
        logging.ERROR
    ]


def test_a_lock_that_cannot_be_removed_does_no_harm(data, tmp_path, monkeypatch):
    unlink = Path.unlink

    def refuse(path, missing_ok=False):
        if path.name == "run.lock":
            raise PermissionError(errno.EPERM, "Not permitted")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    run = Run(tmp_path, tiny_config(data, epochs=1))
    assert run.result.status == "finished"
    assert run.entry.record.state == "finished"


@pytest.mark.parametrize("order", ["cancel", "stop", "interrupt"])
def test_event_files_are_closed_however_the_run_ends(data, tmp_path, monkeypatch, order):
    closed = []
    close = event_files.EventFiles.close
    monkeypatch.setattr(event_files.EventFiles, "close", lambda self: (closed.append(1), close(self)))
    Run(tmp_path, tiny_config(data, tensorboard=True), stop_at(BatchEnded, order))
    assert closed == [1]


def test_a_picture_that_vanishes_is_left_out_with_a_warning(tmp_path, monkeypatch):
    data = make_data(tmp_path / "data")
    write_split = pictures.write_split

    def remove(split, path):
        write_split(split, path)
        split.rows[0].path.unlink()

    monkeypatch.setattr(pictures, "write_split", remove)
    run = Run(tmp_path, tiny_config(data))
    assert run.result.status == "finished"
    [started] = run.of(Started)
    assert started.train == 11
    assert any(".png is skipped" in warning.message for warning in run.of(Warned))


def test_many_pictures_that_vanish_are_one_warning_more(tmp_path, monkeypatch):
    data = make_data(tmp_path / "data")
    write_split = pictures.write_split

    def remove(split, path):
        write_split(split, path)
        for row in split.rows[:9]:
            row.path.unlink()

    monkeypatch.setattr(pictures, "write_split", remove)
    run = Run(tmp_path, tiny_config(data, epochs=1))
    warnings = [event.message for event in run.of(Warned)]
    (skipped,) = (warning for warning in warnings if "skipped" in warning)
    assert skipped.startswith("9 files are skipped, such as class 0")
    assert skipped.endswith("The run's log.txt names each.")
    assert (run.entry.folder / "log.txt").read_text().count(".png is skipped") == 9


def test_a_data_folder_that_is_gone_is_one_sentence(tmp_path):
    data = make_data(tmp_path / "data")
    run = Run(tmp_path, tiny_config(data), stop_at(BatchEnded, "interrupt"))
    data.rename(tmp_path / "elsewhere")
    del run.events[:]
    again = run.resume()
    assert again.status == "failed"
    assert f"The folder {data} is not there." in again.reason.text
    assert "disk" in again.reason.advice
    assert "resume this run" in again.reason.advice
    assert not run.of(Warned)
    (tmp_path / "elsewhere").rename(data)
    assert run.resume().status == "finished"


def test_a_data_folder_that_is_gone_before_the_start_is_one_sentence(tmp_path):
    run = Run(tmp_path, tiny_config(tmp_path / "gone"))
    assert run.result.status == "failed"
    assert run.result.reason.text == f"The folder {tmp_path / 'gone'} is not there."
    assert "choose another folder" in run.result.reason.advice


def test_a_data_folder_that_vanishes_while_it_is_read_is_one_sentence(tmp_path, monkeypatch):
    data = make_data(tmp_path / "data")
    read, turns = picture_store.read_prepared, itertools.count(1)

    def read_some(*words):
        if next(turns) == 5:
            data.rename(tmp_path / "elsewhere")
        return read(*words)

    monkeypatch.setattr(picture_store, "read_prepared", read_some)
    run = Run(tmp_path, tiny_config(data))
    assert run.result.status == "failed"
    assert run.result.reason.text == f"The folder {data} vanished while its pictures were read."
    assert "try again; or choose another folder" in run.result.reason.advice
    assert not any("skipped" in event.message for event in run.of(Warned))
