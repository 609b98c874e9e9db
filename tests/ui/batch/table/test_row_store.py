"""Rows are read once, and again only where they may have changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core.batch.filing.filing import Filed
from desktop_app.core.batch.job.rows import Row, Status
from desktop_app.ui.batch.table.row_store import RowStore
from tests.ui.fake_batch import FakeBatch, rows


@pytest.fixture
def service(qapp):
    return FakeBatch()


@pytest.fixture
def store(service):
    return RowStore(service)


def test_only_missing_rows_are_asked_for(service, store):
    answered = rows(count=2)
    store.look_at([1, 2])
    service.rows_ready.emit(tuple(answered))
    store.look_at([2, 3])
    assert service.called("ask_rows") == [((1, 2),), ((3,),)]
    assert store.of(1) is answered[0]


def test_waiting_rows_are_read_again(service, store):
    answered = rows(count=1)
    service.rows_ready.emit((*answered, Row(2, 0, Path("a.jpg"), Status.WAITING)))
    store.renew()
    store.look_at([1, 2])
    assert service.called("ask_rows") == [((2,),)]


def test_all_rows_are_read_again_after_filing(service, store):
    answered = rows(count=2)
    service.rows_ready.emit(tuple(answered))
    service.filed.emit(Filed("moved", 2, ()))
    store.renew()
    store.look_at([1, 2])
    assert service.called("ask_rows") == [((1, 2),)]
    moved = replace(answered[0], path=Path("/filed/0.jpg"))
    service.rows_ready.emit((moved,))
    assert store.of(1) is moved
