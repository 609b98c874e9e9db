from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.images.sources import FileSource
from desktop_app.ui.classify.strip.film_model import FilmModel
from desktop_app.ui.classify.strip.filmstrip import Filmstrip
from desktop_app.workers.classify.messages import Item, ItemState
from tests.ui.fakes import preview

MANY = 20_000


@pytest.fixture
def strip(qtbot, light):
    model = FilmModel()
    result = Filmstrip(model)
    result.film = model
    qtbot.addWidget(result)
    result.resize(600, result.height())
    result.show()
    return result


def items(count):
    return [Item(number, FileSource(Path(f"/p/{number}.jpg"))) for number in range(1, count + 1)]


def test_thousands_of_pictures_ask_only_for_the_thumbnails_in_view(strip, qapp):
    asked = []
    strip.film.thumbnail_wanted.connect(asked.append)
    strip.film.append(items(MANY))
    strip.grab()
    assert 3 <= len(asked) <= 12
    strip.choose(MANY)
    strip.grab()
    assert MANY in asked
    assert len(asked) <= 30


def test_the_current_picture_is_scrolled_into_view(strip, qtbot):
    strip.film.append(items(200))
    with qtbot.waitSignal(strip.picture_chosen) as told:
        strip.choose(150)
    assert told.args == [150]
    place = strip.visualRect(strip.currentIndex())
    assert strip.viewport().rect().contains(place.center())


def test_steps_stay_within_the_row(strip):
    strip.step(1)
    assert not strip.currentIndex().isValid()
    strip.film.append(items(2))
    strip.choose(1)
    strip.step(-1)
    assert strip.currentIndex().row() == 0
    strip.step(5)
    assert strip.currentIndex().row() == 1


def test_the_wheel_moves_the_row_sideways(strip):
    strip.film.append(items(100))
    strip.grab()
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    strip.wheelEvent(event)
    assert strip.horizontalScrollBar().value() == 120


def test_a_failure_looks_different_from_a_picture_that_waits(strip):
    strip.film.append(items(1))
    waiting = strip.grab().toImage()
    strip.film.change(Item(1, FileSource(Path("/p/1.jpg")), ItemState.FAILED, reason=Reason("It is empty.")))
    assert strip.grab().toImage() != waiting


def test_a_thumbnail_fills_its_frame(strip):
    strip.film.append(items(1))
    strip.film.keep_thumbnail(preview(1, 192, 20))
    place = strip.visualRect(strip.film.index(0))
    image = strip.grab().toImage()
    top = image.pixelColor(place.center().x(), place.top() + 6)
    bottom = image.pixelColor(place.center().x(), place.top() + 60)
    assert abs(top.red() - bottom.red()) < 8
    assert bottom.green() > 200 > 100 > top.green()


def test_a_low_window_gets_a_lower_strip(strip):
    regular = strip.height()
    strip.set_compact(compact=True)
    assert strip.height() == regular - 24
