"""Corrections in threads: a search, decisions that are kept, undo and redo."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.datasets.corrections.store import CorrectionStore
from desktop_app.core.datasets.decision import EXCLUDE, KEEP, relabel
from desktop_app.core.foundation.errors import Cancelled, StorageError
from desktop_app.core.label_mistakes.mistake import LabelMistakes
from desktop_app.core.library.store import Library
from desktop_app.core.training.runs.store import RunStore
from desktop_app.workers.training.training_service import TrainingService

TIMEOUT = 20_000


@pytest.fixture
def data(tmp_path):
    random = np.random.default_rng(0)
    folder = tmp_path / "data"
    for name in ("cats", "dogs"):
        (folder / name).mkdir(parents=True)
        for number in range(4):
            pixels = random.integers(0, 256, (24, 24, 3), np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


@pytest.fixture
def service(qtbot, tmp_path, data):
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    service = TrainingService(library, RunStore(tmp_path / "runs", tmp_path / "trash-runs"))
    service.said, service.steps = [], []
    service.message.connect(lambda sentence, ok: service.said.append((sentence, ok)))
    service.corrections.steps_changed.connect(lambda *steps: service.steps.append(steps))
    with qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT):
        service.open_data(data)
    yield service
    assert service.shutdown(60)


@pytest.fixture
def do(qtbot, service):
    """Call a method of the corrections and wait for the corrected data."""

    def call(name, *arguments):
        with qtbot.waitSignal(service.corrections.corrected, timeout=TIMEOUT):
            getattr(service.corrections, name)(*arguments)
        return {entry.name: entry.total for entry in service.report.classes}

    return call


def kept(data):
    return {entry.path: entry.decision for entry in CorrectionStore(data).read().corrections}


def test_a_decision_is_kept_and_the_data_follow(do, service, data):
    assert do("decide", {data / "cats/0.png": relabel("dogs")}, "1 picture relabeled") == {
        "cats": 3,
        "dogs": 5,
    }
    assert kept(data) == {"cats/0.png": relabel("dogs")}
    assert service.said[-1] == ("1 picture relabeled.", True)
    assert service.steps[-1] == ("1 picture relabeled", "")


def test_undo_and_redo_step_by_step(do, service, data):
    first, second = data / "cats/0.png", data / "dogs/1.png"
    do("decide", {first: relabel("dogs")}, "1 picture relabeled")
    do("decide", {first: EXCLUDE, second: KEEP}, "2 pictures decided")
    assert do("undo") == {"cats": 3, "dogs": 5}
    assert kept(data) == {"cats/0.png": relabel("dogs")}
    assert service.said[-1] == ("Undone: 2 pictures decided.", True)
    assert do("undo") == {"cats": 4, "dogs": 4}
    assert kept(data) == {}
    assert service.steps[-1] == ("", "1 picture relabeled")
    assert do("redo") == {"cats": 3, "dogs": 5}
    assert do("redo") == {"cats": 3, "dogs": 4}
    do("undo")
    do("decide", {second: EXCLUDE}, "1 picture excluded")
    assert service.steps[-1] == ("1 picture excluded", "")


def test_quick_decisions_all_count(qtbot, service, data):
    with qtbot.waitSignals([service.corrections.corrected] * 4, timeout=TIMEOUT):
        for number in range(4):
            service.corrections.decide({data / f"cats/{number}.png": relabel("dogs")}, "moved")
    assert service.report.class_names == ("dogs",)
    assert len(kept(data)) == 4


def test_all_are_taken_back_and_that_can_be_undone(do, service, data):
    do("decide", {data / "cats/0.png": EXCLUDE, data / "cats/1.png": KEEP}, "decided")
    assert do("clear") == {"cats": 4, "dogs": 4}
    assert kept(data) == {}
    assert do("undo") == {"cats": 3, "dogs": 4}
    assert len(kept(data)) == 2


def test_a_failure_leaves_everything_as_it_was(qtbot, service, do, data):
    do("decide", {data / "cats/0.png": EXCLUDE}, "1 picture excluded")
    CorrectionStore(data).path.write_text("{")
    with qtbot.waitSignal(service.message, timeout=TIMEOUT) as said:
        service.corrections.decide({data / "cats/1.png": EXCLUDE}, "1 picture excluded")
    assert "damaged" in said.args[0]
    assert service.report.corrected == 1
    assert service.steps[-1] == ("", "")


def test_what_failed_is_not_shown_when_the_next_one_is_kept(qtbot, service, data, monkeypatch):
    change, calls = CorrectionStore.change, []

    def fail_first(store, folder, changes):
        calls.append(changes)
        if len(calls) == 1:
            raise StorageError("The disk is too full.")
        return change(store, folder, changes)

    monkeypatch.setattr(CorrectionStore, "change", fail_first)
    with qtbot.waitSignal(service.corrections.corrected, timeout=TIMEOUT):
        service.corrections.decide({data / "cats/0.png": EXCLUDE}, "1 picture excluded")
        service.corrections.decide({data / "cats/1.png": EXCLUDE}, "1 picture excluded")
    assert ("The disk is too full.", False) in service.said
    assert service.report.decisions == {data / "cats/1.png": EXCLUDE}
    assert kept(data) == {"cats/1.png": EXCLUDE}


def test_during_a_training_nothing_is_changed(service, data):
    service.corrections.lock(locked=True)
    service.corrections.decide({data / "cats/0.png": EXCLUDE}, "1 picture excluded")
    service.corrections.clear()
    assert service.said == [("Stop the current training to change labels.", False)] * 2
    assert kept(data) == {}


class Searches:
    """Searches that report once and wait until they are let go or given up."""

    def __init__(self):
        self.go = threading.Event()

    def find(self, report, *, on_progress, check, **_more):
        on_progress(len(report.examples))
        while not self.go.wait(0.01):
            check()
        return LabelMistakes((), len(report.examples))


@pytest.fixture
def searches(service, monkeypatch):
    searches = Searches()
    monkeypatch.setattr("desktop_app.core.label_mistakes.search.find_label_mistakes", searches.find)
    yield searches
    searches.go.set()


def test_a_search_tells_its_progress_and_its_result(qtbot, service, searches):
    corrections = service.corrections
    with qtbot.waitSignal(corrections.search_progressed, timeout=TIMEOUT) as progressed:
        corrections.search()
    assert progressed.args == [8]
    assert corrections.searching
    with qtbot.waitSignal(corrections.search_ended, timeout=TIMEOUT) as ended:
        searches.go.set()
    assert ended.args == [LabelMistakes((), 8)]
    assert not corrections.searching


def test_a_search_is_cancelled_at_once(qtbot, service, searches):
    corrections = service.corrections
    with qtbot.waitSignal(corrections.search_progressed, timeout=TIMEOUT):
        corrections.search()
    with qtbot.waitSignal(corrections.search_failed) as failed:
        corrections.cancel_search()
    assert failed.args == [None]
    assert not corrections.searching


def test_other_data_end_a_search_and_forget_the_steps(qtbot, service, do, searches, data):
    do("decide", {data / "cats/0.png": EXCLUDE}, "1 picture excluded")
    corrections = service.corrections
    with qtbot.waitSignal(corrections.search_progressed, timeout=TIMEOUT):
        corrections.search()
    with (
        qtbot.waitSignal(service.scan_ended, timeout=TIMEOUT),
        qtbot.assertNotEmitted(corrections.search_ended),
    ):
        service.open_data(data)
    assert not corrections.searching
    assert service.steps[-1] == ("", "")
    assert service.report.corrected == 1


def test_a_failed_search_says_why(qtbot, service, monkeypatch):
    with qtbot.waitSignal(service.corrections.search_failed, timeout=TIMEOUT) as failed:
        service.corrections.search()
    assert failed.args[0].text


def test_a_search_that_was_ended_by_its_check_is_a_stop(qtbot, service, monkeypatch):
    def find(*_arguments, **_more):
        raise Cancelled

    monkeypatch.setattr("desktop_app.core.label_mistakes.search.find_label_mistakes", find)
    with qtbot.waitSignal(service.corrections.search_failed, timeout=TIMEOUT) as failed:
        service.corrections.search()
    assert failed.args[0].text == "Finding mislabeled pictures was stopped."
