"""The service: requests return at once, the latest wins, and every training ends once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers
from desktop_app.core.datasets.corrections.answer_store import AnswerStore
from desktop_app.core.datasets.question import Choice, DatasetQuestion, Question
from desktop_app.core.datasets.report import DatasetError, ScanProgress
from desktop_app.core.foundation.errors import Cancelled, Reason
from desktop_app.core.library.store import Library
from desktop_app.core.training.outcome.estimate import Estimate, EstimateRequest
from desktop_app.core.training.records.events import Finished, PauseChanged, Preparing
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.workers.training.messages import AugmentationRequest
from desktop_app.workers.training.training_service import TrainingService
from tests.core.datasets.boxes import box_sets
from tests.ui.fake_training import config, report, started, training_result

TIMEOUT = 20_000
HERE, THERE = Path("here"), Path("there")
TWO_LEVELS = Answers(classes_at=2)
LEVELS = Question(
    "classes-at", "Which level holds the classes?", (Choice("2 levels down", "--classes-at 2", TWO_LEVELS),)
)


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs", tmp_path / "trash-runs")


@pytest.fixture
def service(qtbot, tmp_path, store):
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    service = TrainingService(library, store)
    service.events, service.states, service.said = [], [], []
    service.event_arrived.connect(service.events.append)
    service.running_changed.connect(service.states.append)
    service.message.connect(lambda sentence, ok: service.said.append((sentence, ok)))
    yield service
    assert service.shutdown(60)


# Data


class Scans:
    """Examinations that report once and wait until they are let go or given up."""

    def __init__(self):
        self.begun, self.given, self.go = [], [], threading.Event()

    def examine(self, path, *, answers, cancel, on_progress):
        self.begun.append(path)
        self.given.append(answers)
        on_progress(ScanProgress(1, 2, "Checking pictures"))
        while not self.go.is_set():
            if cancel.wait(0.01):
                raise Cancelled
        if path.name == "broken":
            raise DatasetError("There are no classes.", "Choose another folder.")
        if path.name == "levels" and answers.classes_at is None:
            raise DatasetQuestion(LEVELS)
        return report(path, answers=answers)


@pytest.fixture
def scans(service, monkeypatch):
    scans = Scans()
    monkeypatch.setattr("desktop_app.core.datasets.examine.doctor.examine", scans.examine)
    scans.told = []
    service.scan_started.connect(lambda path: scans.told.append(("started", path)))
    service.scan_ended.connect(lambda report: scans.told.append(("ended", report.source)))
    service.scan_failed.connect(lambda reason: scans.told.append(("failed", reason)))
    yield scans
    scans.go.set()


def test_an_examination_tells_its_beginning_its_progress_and_its_report(qtbot, service, scans):
    with qtbot.waitSignal(service.scan_progressed, timeout=TIMEOUT) as progressed:
        service.open_data(HERE)
    assert progressed.args == [ScanProgress(1, 2, "Checking pictures")]
    assert service.report is None
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT) as ended:
        scans.go.set()
    assert service.report is ended.args[0]
    assert scans.told == [("started", HERE), ("ended", HERE)]


def test_other_data_cancels_the_first_examination(qtbot, service, scans):
    with qtbot.waitSignal(service.scan_progressed, timeout=TIMEOUT):
        service.open_data(HERE)
    service.open_data(THERE)
    qtbot.waitUntil(lambda: scans.begun == [HERE, THERE], timeout=TIMEOUT)
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT):
        scans.go.set()
    assert scans.told == [("started", HERE), ("started", THERE), ("ended", THERE)]
    assert service.report.source == THERE


def test_a_cancelled_examination_ends_at_once_and_keeps_the_report_before(qtbot, service, scans):
    scans.go.set()
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT):
        service.open_data(HERE)
    scans.go.clear()
    with qtbot.waitSignal(service.scan_progressed, timeout=TIMEOUT):
        service.open_data(THERE)
    service.cancel_scan()
    assert scans.told[2:] == [("started", THERE), ("failed", None)]
    service.cancel_scan()
    assert len(scans.told) == 4
    assert service.report.source == HERE


def test_what_cannot_be_trained_on_is_said(qtbot, service, scans):
    scans.go.set()
    with qtbot.waitSignal(service.scan_failed, timeout=TIMEOUT) as failed:
        service.open_data(Path("broken"))
    assert failed.args == [Reason("There are no classes.", "Choose another folder.")]
    assert service.report is None


def test_a_question_is_asked_and_its_answer_is_kept_and_used(qtbot, service, scans, tmp_path):
    data = tmp_path / "levels"
    scans.go.set()
    with qtbot.waitSignal(service.scan_asked, timeout=TIMEOUT) as asked:
        service.open_data(data)
    assert asked.args == [LEVELS]
    assert service.report is None
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT) as ended:
        service.answer(data, LEVELS.choices[0].answers)
    assert ended.args[0].answers == TWO_LEVELS
    assert AnswerStore(data).read() == TWO_LEVELS
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT):
        service.open_data(data)
    assert scans.given == [NO_ANSWERS, TWO_LEVELS, TWO_LEVELS]
    with qtbot.waitSignal(service.scan_asked, timeout=TIMEOUT):
        service.forget_answers(data)
    assert not AnswerStore(data).path.exists()
    assert service.report is ended.args[0] or service.report.answers == TWO_LEVELS
    assert [what for what, _ in scans.told] == ["started", "started", "ended", "started", "ended", "started"]


def test_a_decision_that_is_taken_up_again_stays_until_there_is_another(qtbot, service, scans, tmp_path):
    data = tmp_path / "levels"
    scans.go.set()
    both = TWO_LEVELS.changed(masks=True)
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT):
        service.answer(data, both)
    with qtbot.waitSignal(service.scan_asked, timeout=TIMEOUT):
        service.reconsider(data, both.changed(classes_at=None))
    assert AnswerStore(data).read() == both
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT):
        service.reconsider(data, TWO_LEVELS)
    assert AnswerStore(data).read() == TWO_LEVELS


def test_the_answers_of_a_run_are_used_and_what_is_kept_stays(qtbot, service, scans, tmp_path):
    data = tmp_path / "levels"
    AnswerStore(data).write(TWO_LEVELS)
    scans.go.set()
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT):
        service.open_data(data, Answers(classes_at=1))
    assert service.report.answers == Answers(classes_at=1)
    assert AnswerStore(data).read() == TWO_LEVELS


def test_data_that_cannot_be_read_as_decided_say_so(qtbot, service, scans, tmp_path):
    data = tmp_path / "broken"
    scans.go.set()
    with qtbot.waitSignal(service.scan_failed, timeout=TIMEOUT):
        service.open_data(data)
    assert not service.answered
    with qtbot.waitSignal(service.scan_failed, timeout=TIMEOUT) as failed:
        service.answer(data, TWO_LEVELS)
    assert failed.args == [Reason("There are no classes.", "Choose another folder.")]
    assert service.answered
    AnswerStore(data).path.write_text("{")
    with qtbot.waitSignal(service.scan_failed, timeout=TIMEOUT) as failed:
        service.open_data(data)
    assert "answers" in failed.args[0].text
    assert service.answered
    with qtbot.waitSignal(service.scan_failed, timeout=TIMEOUT):
        service.forget_answers(data)
    assert not service.answered


def test_thumbnails_do_not_wait_for_an_examination(qtbot, service, scans, tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    with qtbot.waitSignal(service.scan_progressed, timeout=TIMEOUT):
        service.open_data(HERE)
    with qtbot.waitSignal(service.thumbnail_ready, timeout=TIMEOUT) as made:
        service.request_thumbnails([tmp_path / "text.png"])
    assert made.args[0].path == tmp_path / "text.png"
    assert scans.told == [("started", HERE)]


# The fit


class Fits:
    """Fits that report their start and wait for instructions."""

    def __init__(self):
        self.asked, self.go = [], threading.Event()

    def fit(self, subject, on_event, control, *, runs, library, make_executor):
        self.asked.append(subject)
        on_event(started())
        paused = False
        while not (control.stopping or self.go.wait(0.01)):
            if control.paused is not paused:
                paused = control.paused
                on_event(PauseChanged(paused))
        status = "finished"
        if control.stopping:
            ends = {"cancelled": control.cancelled, "interrupted": control.interrupted}
            status = next((name for name, meant in ends.items() if meant), "stopped")
        result = training_result(status)
        on_event(Finished(result))
        return result


@pytest.fixture
def fits(service, monkeypatch):
    fits = Fits()
    monkeypatch.setattr("desktop_app.core.training.fit.train", fits.fit)
    monkeypatch.setattr("desktop_app.core.training.fit.resume", fits.fit)
    yield fits
    fits.go.set()


def begin(qtbot, service, act):
    with qtbot.waitSignal(service.event_arrived, timeout=TIMEOUT):
        act()


def wait_for_end(qtbot, service):
    qtbot.waitUntil(lambda: not service.running, timeout=TIMEOUT)


def test_a_training_runs_from_the_request_to_after_its_last_event(qtbot, service, fits):
    planned = config()
    service.start(planned)
    assert service.running
    assert service.states == [True]
    order = []
    service.event_arrived.connect(lambda event: order.append(type(event)))
    service.running_changed.connect(order.append)
    fits.go.set()
    wait_for_end(qtbot, service)
    assert fits.asked == [planned]
    assert service.states == [True, False]
    assert order[-2:] == [Finished, False]


def test_a_run_is_resumed(qtbot, service, fits):
    fits.go.set()
    service.resume("run-1")
    wait_for_end(qtbot, service)
    assert fits.asked == ["run-1"]
    assert service.events[-1].result.status == "finished"


def test_a_second_training_is_refused_in_words(qtbot, service, fits):
    begin(qtbot, service, lambda: service.start(config()))
    for act in (lambda: service.start(config()), lambda: service.resume("run-2")):
        act()
        sentence, ok = service.said.pop()
        assert sentence.startswith("A network is being trained")
        assert not ok
    fits.go.set()
    wait_for_end(qtbot, service)
    assert len(fits.asked) == 1
    assert service.states == [True, False]


@pytest.mark.parametrize(("order", "status"), [("stop", "stopped"), ("cancel", "cancelled")])
def test_stop_and_cancel_reach_a_fit_at_once(qtbot, service, fits, order, status):
    begin(qtbot, service, lambda: service.start(config()))
    getattr(service, order)()
    wait_for_end(qtbot, service)
    assert service.events[-1].result.status == status


def test_a_fit_is_paused_when_it_says_so(qtbot, service, fits):
    begin(qtbot, service, lambda: service.start(config()))
    service.pause()
    qtbot.waitUntil(lambda: service.paused, timeout=TIMEOUT)
    service.unpause()
    qtbot.waitUntil(lambda: not service.paused, timeout=TIMEOUT)
    service.pause()
    qtbot.waitUntil(lambda: service.paused, timeout=TIMEOUT)
    service.stop()
    wait_for_end(qtbot, service)
    assert not service.paused


def test_orders_without_a_training_do_nothing_to_the_next_one(qtbot, service, fits):
    for order in (service.stop, service.cancel, service.pause, service.unpause):
        order()
    fits.go.set()
    service.start(config())
    wait_for_end(qtbot, service)
    assert service.events[-1].result.status == "finished"


def test_another_training_follows_one_that_was_stopped(qtbot, service, fits):
    begin(qtbot, service, lambda: service.start(config()))
    service.stop()
    wait_for_end(qtbot, service)
    fits.go.set()
    service.start(config())
    wait_for_end(qtbot, service)
    assert service.events[-1].result.status == "finished"


def test_a_defect_ends_the_training_and_is_seen(qtbot, service, monkeypatch):
    def fail(subject, on_event, control, *, runs, library, make_executor):
        on_event(Preparing("Reading pictures", 0, None))
        raise RuntimeError("a defect")

    monkeypatch.setattr("desktop_app.core.training.fit.train", fail)
    with qtbot.captureExceptions() as caught:
        service.start(config())
        wait_for_end(qtbot, service)
    assert [str(error) for _kind, error, _traceback in caught] == ["a defect"]
    assert service.events[-1].result.status == "failed"
    assert service.states == [True, False]


def test_the_end_of_the_service_interrupts_a_fit_that_holds(qtbot, service, fits):
    begin(qtbot, service, lambda: service.start(config()))
    service.pause()
    qtbot.waitUntil(lambda: service.paused, timeout=TIMEOUT)
    assert service.shutdown(60)
    wait_for_end(qtbot, service)
    assert service.events[-1].result.status == "interrupted"
    service.start(config())
    assert not service.running


def test_the_end_of_the_service_cancels_an_examination(qtbot, service, scans):
    with qtbot.waitSignal(service.scan_progressed, timeout=TIMEOUT):
        service.open_data(HERE)
    assert service.shutdown(60)


# What a training would be


def estimate_request(pictures):
    return EstimateRequest("mlp", default_hyperparameters(), 2, pictures)


@pytest.fixture
def estimates(monkeypatch):
    """Estimates that wait until they are let go."""
    go, asked = threading.Event(), []

    def estimate(request, *, timed):
        asked.append((request.pictures, timed))
        assert go.wait(60)
        return Estimate(request, 1000, None)

    monkeypatch.setattr("desktop_app.core.training.outcome.estimate.estimate", estimate)
    yield go, asked
    go.set()


def test_of_many_estimates_the_latest_is_made(qtbot, service, estimates):
    go, asked = estimates
    told = []
    service.estimated.connect(lambda estimate: told.append(estimate.request.pictures))
    service.estimate(estimate_request(1))
    qtbot.waitUntil(lambda: bool(asked), timeout=TIMEOUT)
    for pictures in (2, 3, 4):
        service.estimate(estimate_request(pictures))
    go.set()
    qtbot.waitUntil(lambda: told == [1, 4], timeout=TIMEOUT)
    assert asked == [(1, True), (4, True)]


def test_beside_a_fit_nothing_is_timed_and_nothing_waits(qtbot, service, fits, estimates):
    go, asked = estimates
    go.set()
    begin(qtbot, service, lambda: service.start(config()))
    with qtbot.waitSignal(service.estimated, timeout=TIMEOUT):
        service.estimate(estimate_request(1))
    assert asked == [(1, False)]
    assert service.running


def test_of_many_previews_the_latest_is_made(qtbot, service, monkeypatch):
    go, asked, told = threading.Event(), [], []

    def preview(pictures, settings, *, size, channels, seed):
        asked.append(seed)
        assert go.wait(60)
        return []

    monkeypatch.setattr("desktop_app.core.datasets.pipeline.augmentation.preview", preview)
    monkeypatch.setattr("desktop_app.core.engine.loading.load_engine", lambda: None)
    service.augmentation_ready.connect(lambda answer: told.append(answer.request.seed))
    service.preview_augmentation(AugmentationRequest((), 16, 3, None, 1))
    qtbot.waitUntil(lambda: bool(asked), timeout=TIMEOUT)
    for seed in (2, 3):
        service.preview_augmentation(AugmentationRequest((), 16, 3, None, seed))
    go.set()
    qtbot.waitUntil(lambda: told == [1, 3], timeout=TIMEOUT)


def test_a_defect_in_an_estimate_is_its_problem_and_the_next_one_is_made(qtbot, service, monkeypatch):
    def estimate(request, *, timed):
        if request.pictures == 1:
            raise RuntimeError("a defect")
        return Estimate(request, 1000, None)

    monkeypatch.setattr("desktop_app.core.training.outcome.estimate.estimate", estimate)
    with qtbot.captureExceptions() as caught:
        with qtbot.waitSignal(service.estimated, timeout=TIMEOUT) as told:
            service.estimate(estimate_request(1))
        qtbot.waitUntil(lambda: bool(caught), timeout=TIMEOUT)
    problem = Reason("Trying the network failed: a defect.")
    assert told.args == [Estimate(estimate_request(1), 0, None, problem)]
    assert [str(error) for _kind, error, _traceback in caught] == ["a defect"]
    with qtbot.waitSignal(service.estimated, timeout=TIMEOUT) as told:
        service.estimate(estimate_request(2))
    assert told.args[0].problem is None


def test_a_preview_that_cannot_be_made_is_said(qtbot, service, monkeypatch):
    def preview(pictures, settings, *, size, channels, seed):
        raise DatasetError("The pictures are gone.", "Open them again.")

    monkeypatch.setattr("desktop_app.core.datasets.pipeline.augmentation.preview", preview)
    monkeypatch.setattr("desktop_app.core.engine.loading.load_engine", lambda: None)
    with qtbot.waitSignal(service.message, timeout=TIMEOUT) as said:
        service.preview_augmentation(AugmentationRequest((), 16, 3, None, 1))
    assert said.args == ["The pictures are gone. Open them again.", False]


# Runs


def test_runs_are_listed_when_a_training_begins_and_when_it_ends(qtbot, service, fits, store):
    lists = []
    service.runs_changed.connect(lists.append)
    begin(qtbot, service, lambda: service.start(config()))
    qtbot.waitUntil(lambda: len(lists) == 1, timeout=TIMEOUT)
    run_id = store.create(config()).run_id
    fits.go.set()
    qtbot.waitUntil(lambda: len(lists) == 2, timeout=TIMEOUT)
    assert [entry.record.run_id for entry in service.runs] == [run_id]


def test_a_run_is_renamed_removed_and_taken_back(qtbot, service, store):
    run_id = store.create(config()).run_id
    with qtbot.waitSignals([service.message, service.runs_changed], timeout=TIMEOUT):
        service.rename_run(run_id, "Pets")
    assert service.runs[0].record.name == "Pets"
    with qtbot.waitSignal(service.undo_available, timeout=TIMEOUT) as offered:
        service.remove_run(run_id)
    assert offered.args == ["Removed Pets."]
    assert service.runs == ()
    with qtbot.waitSignal(service.undo_available, timeout=TIMEOUT) as offered:
        service.undo_remove_run()
    assert offered.args == [""]
    assert [entry.record.name for entry in service.runs] == ["Pets"]
    service.remove_run(run_id)
    with qtbot.waitSignal(
        service.message, timeout=TIMEOUT, check_params_cb=lambda sentence, ok: "trash" in sentence
    ):
        service.empty_runs_trash()
    assert service.said[-1] == ("The trash is empty.", True)


def test_crops_are_made_and_checked(qtbot, service, tmp_path):
    box_sets.coco(tmp_path / "set")
    with qtbot.waitSignal(service.scan_failed, timeout=TIMEOUT) as failed:
        service.open_data(tmp_path / "set")
    assert failed.args[0].offer == "crops"
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT) as ended:
        service.make_crops(tmp_path / "set", tmp_path / "crops")
    assert ended.args[0].source == tmp_path / "crops"
    assert ended.args[0].class_names == ("cat", "dog")
    with qtbot.waitSignal(service.scan_failed, timeout=TIMEOUT) as failed:
        service.make_crops(tmp_path / "set", tmp_path / "crops")
    assert "exists already" in failed.args[0].text
