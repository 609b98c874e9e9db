"""The Batch pane with services that tests drive by hand."""

from __future__ import annotations

from array import array

import pytest

from desktop_app.core.batch.job.filters import RowFilter, Sort
from desktop_app.ui.batch.batch_pane import BatchPane
from desktop_app.workers.batch.messages import JobView
from tests.ui.fake_batch import FakeBatch


@pytest.fixture
def batch(qapp):
    return FakeBatch()


@pytest.fixture
def batch_pane(qtbot, batch, library, light):
    result = BatchPane(batch, library, "everyday")
    qtbot.addWidget(result)
    result.resize(1100, 640)
    result.show()
    return result


def view(numbers, which=None, sort=None):
    """The answer to `ask_view`."""
    return JobView(which or RowFilter(), sort or Sort(), array("q", numbers))
