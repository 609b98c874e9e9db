"""The sentence after several pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.images.sources import FileSource
from desktop_app.ui.classify.summary import summary
from desktop_app.workers.classify.messages import Item, ItemState

A, F, C = ItemState.ANSWERED, ItemState.FAILED, ItemState.CANCELLED


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ([A] * 3, "All 3 pictures are answered."),
        ([A, F, A, F], "2 of 4 pictures are answered; 2 failed."),
        ([F, C, C], "0 of 3 pictures are answered; 1 failed, 2 cancelled."),
        ([A] * 1200 + [F], "1,200 of 1,201 pictures are answered; 1 failed."),
    ],
)
def test_every_picture_is_counted(states, sentence):
    source = FileSource(Path("/p/a.jpg"))
    items = [Item(number, source, state) for number, state in enumerate(states)]
    assert summary(items) == sentence
