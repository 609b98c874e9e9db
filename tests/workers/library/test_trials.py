"""A model is tried for the window: answers come one by one, and what is no longer wanted is given up."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import ClassVar

import pytest
from PIL import Image
from PySide6.QtCore import QObject

from desktop_app.core.foundation.errors import Cancelled, ModelError
from desktop_app.core.library.pixel_choices import Clue
from desktop_app.core.trial import beside
from desktop_app.core.trial.messages import Reply, TrialInput, TrialSubject
from desktop_app.workers.library.trials import TrialRequest, TrialService
from desktop_app.workers.threads.thread import stop_all

TIMEOUT = 20_000
CLUE = Clue("unit", 2, "It looks so.")
WAYS = tuple(
    TrialInput(pixels, "squash", 1.0, "bicubic", (0.3, 0.6, 0.1)) for pixels in ("none", "unit", "symmetric")
)


class FakeProcess:
    """Answers at once, unless `gate` is cleared."""

    made: ClassVar[list[FakeProcess]] = []

    def __init__(self):
        self.questions, self.closed, self.released = [], False, False
        self.gate = threading.Event()
        self.gate.set()
        FakeProcess.made.append(self)

    def ask(self, question):
        self.questions.append(question)
        self.gate.wait(60)
        if self.closed:
            raise Cancelled
        if question.given.preprocessing == "symmetric":
            raise ModelError("It fails.", "Choose another.")
        return Reply(((0, 0.5),), CLUE if question.leading is not None else None)

    def close(self):
        self.closed = True
        self.gate.set()

    def release(self):
        self.released = True


@pytest.fixture
def trials(qtbot, monkeypatch):
    monkeypatch.setattr(beside, "TrialProcess", FakeProcess)
    FakeProcess.made = []
    parent = QObject()
    service = TrialService(parent)
    service.said = []
    for name in ("pictures_read", "answered", "clue_found", "failed"):
        getattr(service, name).connect(lambda value, name=name: service.said.append((name, value)))
    service.ended.connect(lambda: service.said.append(("ended", None)))
    yield service
    service.close()
    assert stop_all((service.lane,), 60)


@pytest.fixture
def picture(tmp_path):
    Image.new("RGB", (600, 300)).save(tmp_path / "a.png")
    return tmp_path / "a.png"


def request(picture, ways=WAYS[:2], **more):
    return TrialRequest(TrialSubject(Path("/m/a.keras")), ways, (picture,), **more)


def names(trials):
    return [name for name, _ in trials.said]


def test_answers_come_one_by_one_after_the_pictures(qtbot, trials, picture):
    with qtbot.waitSignal(trials.ended, timeout=TIMEOUT):
        trials.ask(request(picture, leading=""))
    assert names(trials) == ["pictures_read", "answered", "clue_found", "answered", "ended"]
    ((name, pixels),) = trials.said[0][1].pictures
    assert (name, pixels.shape) == ("a.png", (128, 256, 3))
    assert [said.given for kind, said in trials.said if kind == "answered"] == list(WAYS[:2])
    assert [question.leading for question in FakeProcess.made[0].questions] == ["", None]


def test_one_process_serves_until_it_is_closed(qtbot, trials, picture):
    for _ in range(2):
        with qtbot.waitSignal(trials.ended, timeout=TIMEOUT):
            trials.ask(request(picture))
    trials.close()
    with qtbot.waitSignal(trials.ended, timeout=TIMEOUT):
        trials.ask(request(picture))
    assert [(each.closed, each.released) for each in FakeProcess.made] == [(True, True), (False, False)]


def test_a_failure_is_said(qtbot, trials, picture):
    with qtbot.waitSignal(trials.failed, timeout=TIMEOUT) as failed:
        trials.ask(request(picture, WAYS))
    assert failed.args[0].sentence == "It fails. Choose another."
    picture.write_text("no picture")
    with qtbot.waitSignal(trials.failed, timeout=TIMEOUT) as failed:
        trials.ask(request(picture))
    assert "a.png cannot be read" in failed.args[0].sentence
    assert "ended" not in names(trials)


def test_a_new_question_gives_up_the_one_before(qtbot, trials, picture):
    trials.ask(request(picture, WAYS[:1]))
    qtbot.waitUntil(lambda: "ended" in names(trials), timeout=TIMEOUT)
    process = FakeProcess.made[0]
    process.gate.clear()
    trials.said.clear()
    trials.ask(request(picture, WAYS[:2]))
    qtbot.waitUntil(lambda: len(process.questions) == 2, timeout=TIMEOUT)
    trials.ask(request(picture, WAYS[1:2]))
    process.gate.set()
    with qtbot.waitSignal(trials.ended, timeout=TIMEOUT):
        pass
    assert len(process.questions) == 3
    assert [said.given for kind, said in trials.said if kind == "answered"] == [WAYS[1]]


def test_closing_says_nothing_more(qtbot, trials, picture):
    trials.ask(request(picture, WAYS[:1]))
    qtbot.waitUntil(lambda: "ended" in names(trials), timeout=TIMEOUT)
    process = FakeProcess.made[0]
    process.gate.clear()
    trials.ask(request(picture))
    qtbot.waitUntil(lambda: len(process.questions) == 2, timeout=TIMEOUT)
    trials.said.clear()
    trials.close()
    qtbot.waitUntil(lambda: process.released, timeout=TIMEOUT)
    assert trials.said == []
