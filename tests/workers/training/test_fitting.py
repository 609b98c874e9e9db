"""Every training ends with `Finished`, whatever the fit does."""

from __future__ import annotations

from functools import partial

import pytest

from desktop_app.core.foundation.errors import Reason, StorageError
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import Finished, Preparing
from desktop_app.workers.threads.decoding import decoding_threads
from desktop_app.workers.training.fitting import Fitting
from tests.ui.fake_training import config, started, training_result
from tests.workers.inline_lane import InlineLane

LIBRARY, RUNS = object(), object()


@pytest.fixture
def fitting(qapp):
    told = []
    end = partial(told.append, "ended")
    fitting = Fitting(InlineLane(), LIBRARY, RUNS, on_event=told.append, on_end=end)
    fitting.told = told
    return fitting


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


@pytest.fixture(params=["start", "resume"])
def ask(request, fitting):
    subject = {"start": config(), "resume": "run-1"}[request.param]
    return lambda: getattr(fitting, request.param)(subject, TrainingControl().token)


def test_the_fit_gets_what_was_asked_for_and_where_to_keep_it(fitting, fit_does):
    calls = fit_does(lambda on_event: training_result())
    planned, control = config(), TrainingControl().token
    fitting.start(planned, control)
    fitting.resume("run-1", control)
    assert calls == [
        (planned, control, RUNS, LIBRARY, decoding_threads),
        ("run-1", control, RUNS, LIBRARY, decoding_threads),
    ]


def test_events_are_relayed_as_they_are(fitting, fit_does, ask):
    events = [Preparing("Reading pictures", 1, 2), started(), Finished(training_result())]

    def fit(on_event):
        for event in events:
            on_event(event)
        return events[-1].result

    fit_does(fit)
    ask()
    assert fitting.told == [*events, "ended"]
    assert all(told is event for told, event in zip(fitting.told, events, strict=False))


def test_an_end_that_the_fit_does_not_tell_is_told(fitting, fit_does, ask):
    result = training_result()
    fit_does(lambda on_event: result)
    ask()
    assert fitting.told == [Finished(result), "ended"]


def test_an_error_that_a_person_may_read_ends_the_training_in_its_words(fitting, fit_does, ask):
    def fit(on_event):
        raise StorageError("The disk is full.", "Make room.")

    fit_does(fit)
    ask()
    finished, ended = fitting.told
    result = finished.result
    assert (result.status, result.reason) == ("failed", Reason("The disk is full.", "Make room."))
    assert ended == "ended"


def test_a_defect_ends_the_training_and_is_seen(fitting, fit_does, ask):
    def fit(on_event):
        on_event(started("run-7"))
        raise RuntimeError("a defect")

    fit_does(fit)
    with pytest.raises(RuntimeError, match="a defect"):
        ask()
    _started, finished, ended = fitting.told
    assert (finished.result.status, finished.result.run_id) == ("failed", "run-7")
    assert finished.result.reason.text == "The training failed: a defect."
    assert ended == "ended"


def test_a_defect_after_the_end_adds_no_second_end(fitting, fit_does, ask):
    def fit(on_event):
        on_event(Finished(training_result()))
        raise RuntimeError("a defect")

    fit_does(fit)
    with pytest.raises(RuntimeError, match="a defect"):
        ask()
    assert fitting.told == [Finished(training_result()), "ended"]


def test_a_resumed_run_that_fails_at_once_is_named(fitting, fit_does):
    def fit(on_event):
        raise StorageError("The disk is gone.")

    fit_does(fit)
    fitting.resume("run-1", TrainingControl().token)
    assert fitting.told[0].result.run_id == "run-1"
