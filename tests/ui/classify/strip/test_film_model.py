from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.images.sources import FileSource
from desktop_app.core.kinds.kind import Kind
from desktop_app.ui.classify.strip import film_model
from desktop_app.ui.classify.strip.film_model import FilmModel
from desktop_app.workers.classify.messages import Item, ItemState
from tests.ui.fakes import FakeSession, preview


def items(count):
    return [Item(number, FileSource(Path(f"/p/{number}.jpg"))) for number in range(1, count + 1)]


@pytest.fixture
def model(qapp):
    return FilmModel()


def test_the_model_keeps_qts_rules(model):
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.append(items(5))
    model.keep_thumbnail(preview(2))
    model.change(Item(3, FileSource(Path("/x")), ItemState.CANCELLED))
    model.remove([1, 4])
    assert tester.model() is model
    assert [model.item_at(row).number for row in range(model.rowCount())] == [2, 3, 5]
    assert model.row_of(5) == 2
    assert model.row_of(1) is None


def test_captions_and_descriptions(model):
    session = FakeSession()
    session.add_files("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg")
    session.answer(1, 0.93)
    session.answer(2, 0.3, sure=False)
    session.fail(3, "It is empty.")
    session.change(4, state=ItemState.CANCELLED)
    model.append(session.items())
    told = [
        (model.index(row).data(), model.index(row).data(Qt.ItemDataRole.AccessibleTextRole))
        for row in range(5)
    ]
    assert told == [
        ("cat", "a.jpg: cat, 93.0%"),
        ("cat?", "b.jpg: not sure, perhaps cat, 30.0%"),
        ("Failed", "c.jpg: failed. It is empty."),
        ("Cancelled", "d.jpg: cancelled"),
        ("Waiting", "e.jpg: waiting"),
    ]
    assert "It is empty." in model.index(2).data(Qt.ItemDataRole.ToolTipRole)


def test_a_picture_unlike_the_training_pictures(model):
    session = FakeSession()
    session.add_files("a.jpg")
    session.answer(1, 0.93, distance=3.0)
    model.append(session.items())
    assert model.index(0).data() == "Unlike any class"
    assert (
        model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
        == "a.jpg: unlike the training pictures, perhaps cat, 93.0%"
    )


def test_a_thumbnail_is_asked_for_once_when_it_is_looked_at(model, qtbot):
    model.append(items(3))
    asked = []
    model.thumbnail_wanted.connect(asked.append)
    for _ in range(2):
        assert model.index(1).data(Qt.ItemDataRole.DecorationRole) is None
    assert asked == [2]
    model.keep_thumbnail(preview(2, 192, 144))
    assert model.index(1).data(Qt.ItemDataRole.DecorationRole).width() == 192
    assert asked == [2]


def test_old_thumbnails_are_given_up_and_asked_for_again(model, monkeypatch):
    monkeypatch.setattr(film_model, "KEPT", 2)
    model.append(items(3))
    asked = []
    model.thumbnail_wanted.connect(asked.append)
    for row in range(3):
        model.index(row).data(Qt.ItemDataRole.DecorationRole)
        model.keep_thumbnail(preview(row + 1, 8, 8))
    assert model.index(0).data(Qt.ItemDataRole.DecorationRole) is None
    assert asked == [1, 2, 3, 1]


def test_a_link_may_be_asked_for_again_once_it_is_fetched(model):
    model.append(items(1))
    asked = []
    model.thumbnail_wanted.connect(asked.append)
    model.index(0).data(Qt.ItemDataRole.DecorationRole)
    model.change(Item(1, FileSource(Path("/p/1.jpg")), ItemState.FAILED, reason=Reason("x")))
    model.index(0).data(Qt.ItemDataRole.DecorationRole)
    assert asked == [1, 1]


def test_a_thumbnail_of_a_forgotten_picture_is_ignored(model):
    model.append(items(1))
    model.remove([1])
    model.keep_thumbnail(preview(1))
    model.change(Item(1, FileSource(Path("/p/1.jpg"))))
    assert model.rowCount() == 0


def test_a_kind_that_comes_first_is_the_caption(model):
    session = FakeSession()
    session.add_files("a.jpg", "b.jpg")
    cats = {"sure": False, "labels": ("Egyptian_cat", "tabby")}
    session.answer(1, 0.31, 0.28, **cats, kind=Kind("cat", 0.86, 5, first=True))
    session.answer(2, 0.31, 0.28, **cats, kind=Kind("cat", 0.4, 5, first=False))
    model.append(session.items())
    shown = [model.index(row).data() for row in range(2)]
    told = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert shown == ["cat", "Egyptian cat?"]
    assert told == [
        "a.jpg: cat, 86.0% (all 5 kinds of cat together)",
        "b.jpg: not sure, perhaps Egyptian cat, 31.0%",
    ]
