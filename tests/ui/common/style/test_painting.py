import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from desktop_app.ui.common.style.painting import paint_entry_state, paint_thumbnail

FRAME = QRectF(0, 0, 40, 20)


@pytest.fixture
def canvas(qapp):
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    return image


def paint(canvas, function, *arguments):
    painter = QPainter(canvas)
    function(painter, *arguments)
    painter.end()


def colour(canvas, x, y):
    return QColor(canvas.pixel(x, y)).name()


def test_a_thumbnail_shows_the_middle_of_its_picture(canvas):
    picture = QPixmap(20, 30)  # higher than the frame is
    picture.fill(QColor("red"))
    painter = QPainter(picture)
    painter.fillRect(0, 10, 20, 10, QColor("blue"))
    painter.end()
    paint(canvas, paint_thumbnail, FRAME, picture, "green")
    assert {colour(canvas, 20, y) for y in (1, 10, 18)} == {"#0000ff"}


def test_without_a_picture_there_is_the_ground(canvas):
    paint(canvas, paint_thumbnail, FRAME, None, "#008000")
    assert colour(canvas, 20, 10) == "#008000"
    assert colour(canvas, 0, 0) == "#ffffff"  # outside of the round corner


@pytest.mark.parametrize(
    ("state", "marked"),
    [
        (QStyle.StateFlag.State_None, False),
        (QStyle.StateFlag.State_HasFocus, False),
        (QStyle.StateFlag.State_MouseOver, True),
        (QStyle.StateFlag.State_Selected, True),
    ],
)
def test_an_entry_is_marked_when_it_is_selected_or_under_the_pointer(canvas, state, marked):
    option = QStyleOptionViewItem()
    option.rect = FRAME.toRect()
    option.state = state
    paint(canvas, paint_entry_state, option)
    assert (colour(canvas, 20, 10) != "#ffffff") is marked
