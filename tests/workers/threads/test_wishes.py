from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.wishes import Wishes

TIMEOUT = 20_000


@pytest.fixture
def lane(qapp):
    owner = QObject()
    lane = Lane("wishes", owner, lambda: None)
    yield lane
    assert lane.stop(60)


@pytest.fixture
def make(lane):
    """Make wishes whose first request is under way until `go` is set."""
    gates = []

    def wishes(most):
        served, go = [], threading.Event()
        gates.append(go)

        def serve(request):
            assert go.wait(60)

        wishes = Wishes(lane, serve, most=most, on_result=lambda request, _served: served.append(request))
        wishes.ask("first")
        return wishes, served, go

    yield wishes
    for gate in gates:
        gate.set()


def serves(qtbot, served, go, expected):
    go.set()
    qtbot.waitUntil(lambda: len(served) >= len(expected), timeout=TIMEOUT)
    assert served == expected


def test_of_those_that_come_meanwhile_only_the_last_is_served(qtbot, make):
    wishes, served, go = make(1)
    for request in "abc":
        wishes.ask(request)
    serves(qtbot, served, go, ["first", "c"])
    wishes.ask("d")
    serves(qtbot, served, go, ["first", "c", "d"])


def test_a_newer_list_comes_first_and_keeps_its_order(qtbot, make):
    wishes, served, go = make(10)
    wishes.ask("a", "b", "c")
    wishes.ask("d", "e", "b")
    serves(qtbot, served, go, ["first", "d", "e", "b", "a", "c"])


def test_the_oldest_are_forgotten(qtbot, make):
    wishes, served, go = make(3)
    wishes.ask("a", "b")
    wishes.ask("c", "d")
    serves(qtbot, served, go, ["first", "c", "d", "a"])


def test_what_was_forgotten_is_not_served(qtbot, make):
    wishes, served, go = make(3)
    wishes.ask("a", "b")
    wishes.clear()
    wishes.ask("c")
    serves(qtbot, served, go, ["first", "c"])


def test_a_defect_does_not_keep_the_others_waiting(qtbot, lane):
    told = []
    note = {f"on_{kind}": lambda *values: told.append(values) for kind in ("result", "failure")}
    wishes = Wishes(lane, lambda number: 6 // number, work="The sum", most=5, **note)
    with qtbot.captureExceptions() as caught:
        wishes.ask(0, 2, 3)
        qtbot.waitUntil(lambda: len(told) == 3, timeout=TIMEOUT)
    (request, reason), *others = told
    assert request == 0
    assert reason.text.startswith("The sum failed: ")
    assert others == [(2, 3), (3, 2)]
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]
