from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from desktop_app.workers.batch.reader import RowsRequest
from desktop_app.workers.batch.row_wishes import AT_ONCE, MOST_WAITING, RowWishes

JOB = Path("a.job")


@pytest.fixture
def wishes(qapp):
    parent = QObject()
    wishes = RowWishes(parent)
    wishes.asked = []
    wishes.requested.connect(wishes.asked.append)
    yield wishes
    parent.deleteLater()


def serve_all(wishes):
    served = 0
    while served < len(wishes.asked):
        served += 1
        wishes.on_served()
    return [request.numbers for request in wishes.asked]


def test_one_request_at_a_time_and_the_newest_first(wishes):
    for first in (1, 11, 21):
        wishes.ask(JOB, [first, first + 1])
    assert wishes.asked == [RowsRequest(JOB, (1, 2))]
    assert serve_all(wishes) == [(1, 2), (21, 22), (11, 12)]


def test_many_rows_come_in_pieces_in_their_order(wishes):
    numbers = range(2 * AT_ONCE + 1)
    wishes.ask(JOB, numbers)
    pieces = serve_all(wishes)
    assert [len(piece) for piece in pieces] == [AT_ONCE, AT_ONCE, 1]
    assert [number for piece in pieces for number in piece] == list(numbers)


def test_the_oldest_wishes_are_forgotten(wishes):
    for number in range(MOST_WAITING + 5):
        wishes.ask(JOB, [number])
    served = serve_all(wishes)
    assert len(served) == MOST_WAITING + 1
    assert served[:2] == [(0,), (MOST_WAITING + 4,)]
    assert (1,) not in served


def test_nothing_is_asked_for_nothing_or_after_clearing(wishes):
    wishes.ask(JOB, [])
    assert not wishes.asked
    wishes.ask(JOB, [1])
    wishes.ask(JOB, [2])
    wishes.clear()
    assert serve_all(wishes) == [(1,)]
