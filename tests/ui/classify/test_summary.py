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
        ([A] * 3, "3 classified"),
        ([A, F, A, F], "2 classified, 2 couldn't be read"),
        ([F, C, C], "1 couldn't be read, 2 cancelled"),
        ([A] * 1200 + [F], "1,200 classified, 1 couldn't be read"),
    ],
)
def test_every_picture_is_counted(states, sentence):
    source = FileSource(Path("/p/a.jpg"))
    items = [Item(number, source, state) for number, state in enumerate(states)]
    assert summary(items) == sentence
