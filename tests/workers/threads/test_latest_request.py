from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from desktop_app.workers.threads.latest_request import LatestRequest


@pytest.fixture
def latest(qapp):
    parent = QObject()
    latest = LatestRequest(parent)
    latest.handed = []
    latest.requested.connect(latest.handed.append)
    yield latest
    parent.deleteLater()


def test_of_those_that_come_meanwhile_only_the_last_is_handed_over(latest):
    for request in "abc":
        latest.ask(request)
    assert latest.handed == ["a"]
    latest.on_ended()
    assert latest.handed == ["a", "c"]
    latest.on_ended()
    assert latest.handed == ["a", "c"]
    latest.ask("d")
    assert latest.handed == ["a", "c", "d"]


def test_a_forgotten_request_is_not_handed_over(latest):
    latest.ask("a")
    latest.ask("b")
    latest.clear()
    latest.on_ended()
    assert latest.handed == ["a"]
