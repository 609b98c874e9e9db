"""The menu of the table's pictures."""

from __future__ import annotations

import pytest

from tests.ui.batch.conftest import view
from tests.ui.fake_batch import JOB, PETS, overview, rows


@pytest.fixture
def page(batch_pane, batch):
    batch.open_job()
    batch.view_ready.emit(view(range(1, 7)))
    batch.rows_ready.emit(tuple(rows(count=6)))
    batch.overview_ready.emit(overview((0, 3), (1, 3)))
    return batch_pane._work


def test_the_like_of_a_picture_is_looked_for_in_its_job(page, batch_pane, qtbot):
    page._table.selectRow(1)
    with qtbot.waitSignal(batch_pane.similar_requested) as asked:
        page._actions.similar.trigger()
    assert asked.args == [PETS / "a/1.jpg", JOB]


@pytest.mark.parametrize(("selected", "enabled"), [((1,), True), ((1, 2), False)])
def test_it_takes_one_picture(page, selected, enabled):
    for row in selected:
        index = page._table.model().index(row, 0)
        flags = page._table.selectionModel().SelectionFlag
        page._table.selectionModel().select(index, flags.Select | flags.Rows)
    page._actions._on_menu_requested(page._table.rect().center())
    assert page._actions.similar.isEnabled() == enabled
    page._actions._menu.close()
