"""Every training ends with `Finished`, whatever the fit does."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import Reason, StorageError
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import Finished, Preparing
from desktop_app.workers.threads.decoding import decoding_threads
from desktop_app.workers.training.worker import ResumeRequest, StartRequest, TrainingWorker
from tests.ui.fake_training import config, started, training_result

LIBRARY, RUNS = object(), object()


@pytest.fixture
def worker(qapp):
    worker = TrainingWorker(LIBRARY, RUNS)
    worker.told = []
    worker.event_arrived.connect(worker.told.append)
    worker.ended.connect(lambda: worker.told.append("ended"))
    return worker


@pytest.fixture
def fit_does(monkeypatch):
    """Replace the fit with a function of what it reports, which may raise or return a result."""
    calls = []

    def replace(body):
        def fit(subject, on_event, control, *, runs, library, make_executor):
            calls.append((subject, control, runs, library, make_executor))
            return body(on_event)

        for name in ("train", "resume"):
            monkeypatch.setattr(f"desktop_app.core.training.fit.{name}", fit)
        return calls

    return replace


def requests():
    control = TrainingControl().token
    return StartRequest(config(), control), ResumeRequest("run-1", control)


@pytest.fixture(params=["start", "resume"])
def ask(request, worker):
    start, resume = requests()
    if request.param == "start":
        return lambda: worker.start(start)
    return lambda: worker.resume(resume)


def test_the_fit_gets_what_was_asked_for_and_where_to_keep_it(worker, fit_does):
    calls = fit_does(lambda on_event: training_result())
    start, resume = requests()
    worker.start(start)
    worker.resume(resume)
    assert calls == [
        (start.config, start.control, RUNS, LIBRARY, decoding_threads),
        ("run-1", resume.control, RUNS, LIBRARY, decoding_threads),
    ]


def test_events_are_relayed_as_they_are(worker, fit_does, ask):
    events = [Preparing("Reading pictures", 1, 2), started(), Finished(training_result())]

    def fit(on_event):
        for event in events:
            on_event(event)
        return events[-1].result

    fit_does(fit)
    ask()
    assert worker.told == [*events, "ended"]
    assert all(told is event for told, event in zip(worker.told, events, strict=False))


def test_an_end_that_the_fit_does_not_tell_is_told(worker, fit_does, ask):
    result = training_result()
    fit_does(lambda on_event: result)
    ask()
    assert worker.told == [Finished(result), "ended"]


def test_an_error_that_a_person_may_read_ends_the_training_in_its_words(worker, fit_does, ask):
    def fit(on_event):
        raise StorageError("The disk is full.", "Make room.")

    fit_does(fit)
    ask()
    finished, ended = worker.told
    result = finished.result
    assert (result.status, result.reason) == ("failed", Reason("The disk is full.", "Make room."))
    assert ended == "ended"


def test_a_defect_ends_the_training_and_is_seen(worker, fit_does, ask):
    def fit(on_event):
        on_event(started("run-7"))
        raise RuntimeError("a defect")

    fit_does(fit)
    with pytest.raises(RuntimeError, match="a defect"):
        ask()
    _started, finished, ended = worker.told
    assert (finished.result.status, finished.result.run_id) == ("failed", "run-7")
    assert finished.result.reason.text == "The training failed: a defect."
    assert ended == "ended"


def test_a_defect_after_the_end_adds_no_second_end(worker, fit_does, ask):
    def fit(on_event):
        on_event(Finished(training_result()))
        raise RuntimeError("a defect")

    fit_does(fit)
    with pytest.raises(RuntimeError, match="a defect"):
        ask()
    assert worker.told == [Finished(training_result()), "ended"]


def test_a_resumed_run_that_fails_at_once_is_named(worker, fit_does):
    def fit(on_event):
        raise StorageError("The disk is gone.")

    fit_does(fit)
    worker.resume(requests()[1])
    assert worker.told[0].result.run_id == "run-1"
