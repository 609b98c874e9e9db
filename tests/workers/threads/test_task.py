"""Whatever a task does, its owner learns in its own thread what became of it, and the lane lives on."""

from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtCore import QObject, QThread

from desktop_app.core.engine import libraries
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, Reason, StorageError
from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.thread import stop_all

TIMEOUT = 20_000

ALL = ("progress", "result", "failure", "end")


class Owner(QObject):
    """Notes what it is told, and in which thread."""

    def __init__(self):
        super().__init__()
        self.told, self.threads = [], set()

    def note(self, kind, *values):
        self.told.append((kind, *values))
        self.threads.add(QThread.currentThread())

    def callbacks(self, *kinds):
        return {f"on_{kind}": self._noting(kind) for kind in kinds or ("result", "failure", "end")}

    def _noting(self, kind):
        return lambda *values: self.note(kind, *values)


@pytest.fixture
def owner(qapp):
    return Owner()


@pytest.fixture
def needed():
    return []


@pytest.fixture
def lane(owner, needed):
    lane = Lane("under test", owner, lambda: needed.append(threading.get_ident()))
    yield lane
    assert lane.stop(60)


@pytest.fixture
def held(lane):
    """The lane is busy until this is set."""
    go, entered = threading.Event(), threading.Event()

    def hold():
        entered.set()
        assert go.wait(60)

    lane.do(hold)
    assert entered.wait(60)
    yield go
    go.set()


def ended(qtbot, owner, times=1):
    """What was told until so many ends."""
    qtbot.waitUntil(lambda: owner.told.count(("end",)) == times, timeout=TIMEOUT)
    return owner.told


def test_a_thread_starts_with_its_first_task_and_imports_before_it(qtbot, owner, lane, needed):
    assert not lane.isRunning()
    lane.do(threading.get_ident, **owner.callbacks("result", "end"))
    (_result, ident), _end = ended(qtbot, owner)
    assert lane.isRunning()
    assert needed == [ident]
    assert ident != threading.get_ident()


def test_progress_result_and_end_come_in_order_in_the_owners_thread(qtbot, owner, lane):
    def count(first, last, *, on_progress):
        for number in range(first, last):
            on_progress(number, last)
        return "counted"

    lane.do(count, 0, 100, **owner.callbacks(*ALL))
    assert ended(qtbot, owner) == [
        *(("progress", number, 100) for number in range(100)),
        ("result", "counted"),
        ("end",),
    ]
    assert owner.threads == {QThread.currentThread()}


def test_tasks_are_done_one_after_the_other_and_keep_what_is_local_to_their_thread(qtbot, owner, lane):
    local = threading.local()

    def count():
        local.count = getattr(local, "count", 0) + 1
        return local.count

    for _ in range(3):
        lane.do(count, **owner.callbacks("result", "end"))
    told = ended(qtbot, owner, 3)
    assert [values for kind, *values in told if kind == "result"] == [[1], [2], [3]]


def test_a_failure_is_told_as_its_reason(qtbot, owner, lane):
    def fail():
        raise StorageError("The disk is full.", "Make room.")

    lane.do(fail, work="The export", **owner.callbacks())
    assert ended(qtbot, owner) == [("failure", Reason("The disk is full.", "Make room.")), ("end",)]


def test_work_that_ends_itself_was_stopped(qtbot, owner, lane):
    def stop():
        raise Cancelled

    lane.do(stop, work="The export", **owner.callbacks("failure", "end"))
    assert ended(qtbot, owner) == [("failure", Reason("The export was stopped.")), ("end",)]


def test_a_defect_is_told_and_seen_and_the_lane_lives_on(qtbot, owner, lane):
    with qtbot.captureExceptions() as caught:
        lane.do(lambda: 1 // 0, work="The sum", advice="Add.", **owner.callbacks())
        ended(qtbot, owner)
        qtbot.waitUntil(lambda: bool(caught), timeout=TIMEOUT)
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]
    (_failure, reason), end = owner.told
    assert (reason.text.startswith("The sum failed: "), reason.advice, end) == (True, "Add.", ("end",))
    lane.do(lambda: "on", **owner.callbacks("result", "end"))
    assert ended(qtbot, owner, 2)[-2] == ("result", "on")


def test_a_defect_in_a_callback_does_not_keep_the_end_back(qtbot, owner, lane):
    with qtbot.captureExceptions() as caught:
        lane.do(int, on_result=lambda number: 1 // number, **owner.callbacks("end"))
        ended(qtbot, owner)
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]


def test_a_task_that_is_cancelled_while_it_waits_is_not_begun(qtbot, owner, lane, held):
    source, done = CancelSource(), []
    lane.do(done.append, "cancelled", cancel=source.token, **owner.callbacks())
    source.cancel()
    held.set()
    assert ended(qtbot, owner) == [("end",)]
    assert done == []


@pytest.mark.parametrize("raises", [True, False])
def test_of_a_task_that_is_cancelled_while_it_runs_only_the_end_is_told(qtbot, owner, lane, raises):
    source, begun = CancelSource(), threading.Event()

    def wait(*, on_progress):
        on_progress("first")
        begun.set()
        assert source.token.wait(60)
        on_progress("last")
        if raises:
            source.token.check()
        return "a result that nobody wants any more"

    lane.do(wait, cancel=source.token, **owner.callbacks(*ALL))
    qtbot.waitUntil(lambda: bool(owner.told), timeout=TIMEOUT)
    source.cancel()
    assert ended(qtbot, owner) == [("progress", "first"), ("end",)]


def test_what_came_before_a_cancellation_but_was_not_told_yet_is_not_told(qtbot, owner, lane):
    source, done = CancelSource(), threading.Event()
    lane.do(lambda: "result", cancel=source.token, **owner.callbacks())
    lane.do(done.set)
    assert done.wait(60)  # without serving events
    source.cancel()
    assert ended(qtbot, owner) == [("end",)]


def test_what_was_asked_before_the_end_is_done_and_nothing_after_it(qapp, owner):
    lane, done = Lane("ends at once", owner, lambda: None), []
    for number in range(3):
        lane.do(done.append, number)
    assert lane.stop(60)
    lane.do(done.append, "too late")
    assert not lane.isRunning()
    assert done == [0, 1, 2]


def test_lanes_stop_together_and_tell_when_one_does_not(qapp, owner, lane, held):
    other = Lane("other", owner, lambda: None)
    other.do(int)
    assert not stop_all((lane, other), 0.1)
    assert lane.isRunning()
    held.set()
    assert stop_all((lane, other), 60)


def test_a_lane_that_was_never_used_ends_without_having_begun(qapp, owner):
    lane = Lane("unused", owner)
    assert lane.stop(0)
    assert not lane.isFinished()


def test_no_thread_starts_while_a_library_is_being_mapped(qtbot, owner, lane):
    with libraries.mapping:
        lane.do(int, **owner.callbacks("end"))
        assert not lane.isRunning()
    ended(qtbot, owner)


def test_a_lane_that_could_not_begin_yet_does_its_tasks_before_it_ends(qapp, owner):
    lane, done = Lane("ends before it begins", owner, lambda: None), []
    with libraries.mapping:
        lane.do(done.append, 1)
    assert lane.stop(60)
    assert done == [1]


def test_no_reference_to_what_was_done_is_kept(qtbot, owner, lane):
    work = StorageError("kept?")
    before = sys.getrefcount(work)
    lane.do(lambda given: None, work, **owner.callbacks("end"))
    ended(qtbot, owner)
    qtbot.waitUntil(lambda: sys.getrefcount(work) == before, timeout=TIMEOUT)
