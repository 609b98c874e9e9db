from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from desktop_app.core.images.sources import FileSource
from desktop_app.ui.classify.batch_offer import MANY


@pytest.fixture
def many(session):
    """A session that has got so many pictures that a table suits them better."""

    def add(count=MANY):
        session.add_files(*(f"{number}.jpg" for number in range(count)))

    return add


def offer(pane):
    return pane._offer


def accept(pane):
    (found,) = [each for each in offer(pane).findChildren(QPushButton) if each.text() == "Open in Batch"]
    found.click()


def test_a_large_folder_is_offered_to_batch(window, pane, session, batch, many, tmp_path):
    pane.add([FileSource(tmp_path)])
    many()
    assert offer(pane).isVisible()
    accept(pane)
    assert session.called("clear") == [()]
    assert batch.called("begin") == [((tmp_path,), "everyday")]
    assert window._entries[window._panes.shown].title == "Batch"
    assert not offer(pane).isVisible()


def test_a_small_folder_and_many_files_are_not(pane, many, tmp_path):
    pane.add([FileSource(tmp_path)])
    many(5)
    assert not offer(pane).isVisible()
    offer(pane).forget()
    pane.add([FileSource(Path("/pictures/a.jpg"))])
    many()
    assert not offer(pane).isVisible()


def test_who_does_not_want_it_is_not_asked_again(pane, session, many, tmp_path):
    pane.add([FileSource(tmp_path)])
    many()
    offer(pane).forget()
    session.add_files("one more.jpg")
    assert not offer(pane).isVisible()


def test_it_goes_with_the_pictures(pane, session, many, tmp_path):
    pane.add([FileSource(tmp_path)])
    many()
    session.clear()
    assert not offer(pane).isVisible()
