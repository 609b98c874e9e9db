"""Black and white are dragged in the histogram or typed below it, and used on a click."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop_app.core.datasets.answers import Answers
from desktop_app.core.datasets.report import NumberRange
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.ui.common.controls.number_box import NumberBox
from desktop_app.ui.training.data.number_histogram import NumberHistogram
from desktop_app.ui.training.data.number_scale import NumberScale


def report(black=0.0, white=936.0, answers=None):
    numbers = NumberRange(0.0, 1000.0, tuple([0.9] + [0.1 / 63] * 63), black, white, 160)
    return SimpleNamespace(numbers=numbers, answers=answers)


@pytest.fixture
def scale(qtbot):
    widget = NumberScale()
    qtbot.addWidget(widget)
    widget.resize(1000, 200)
    widget.show_report(report(answers=Answers(pixels=PixelReading(plane="middle"))))
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def fields(scale):
    return scale.findChildren(NumberBox)


def drag(scale, start, end):
    histogram = scale.findChild(NumberHistogram)
    width = histogram.width()
    at = [QPoint(min(round(share * width / 1000), width - 1), 20) for share in (start, end)]
    QTest.mousePress(histogram, Qt.MouseButton.LeftButton, pos=at[0])
    QTest.mouseMove(histogram, at[1])
    QTest.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=at[1])


def test_it_is_hidden_without_numbers(qtbot):
    widget = NumberScale()
    qtbot.addWidget(widget)
    widget.show_report(SimpleNamespace(numbers=None, answers=None))

    assert widget.isHidden()


def test_dragging_white_changes_its_field_and_is_used_on_a_click(scale, qtbot):
    black, white = fields(scale)
    use = scale.findChild(QPushButton)
    assert (black.value(), white.value(), use.isEnabled()) == (0, 936, False)

    drag(scale, 936, 500)

    assert black.value() == 0
    assert white.value() == pytest.approx(500, abs=5)
    with qtbot.waitSignal(scale.chosen) as found:
        use.click()
    assert found.args[0].pixels == PixelReading(black=0, white=white.value(), plane="middle")


def test_black_is_not_dragged_beyond_white(scale):
    black, white = fields(scale)

    drag(scale, 0, 400)
    assert black.value() == pytest.approx(400, abs=5)
    drag(scale, 400, 990)
    assert black.value() == pytest.approx(400, abs=5)
    assert white.value() == 936


def test_a_press_beside_black_and_white_moves_nothing(scale):
    drag(scale, 600, 300)

    assert [field.value() for field in fields(scale)] == [0, 936]


def test_typing_is_enough(scale, qtbot):
    black, white = fields(scale)
    for field, text in ((black, "-20"), (white, "2500.5")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    with qtbot.waitSignal(scale.chosen) as found:
        scale.findChild(QPushButton).click()
    assert (found.args[0].pixels.black, found.args[0].pixels.white) == (-20, 2500.5)


def test_equal_ends_and_those_in_use_are_no_choice(scale):
    black, white = fields(scale)
    use = scale.findChild(QPushButton)

    black.setValue(936)
    assert not use.isEnabled()
    black.setValue(10)
    assert use.isEnabled()
    black.setValue(0)
    assert not use.isEnabled()
    assert white.value() == 936


def test_a_scale_can_be_chosen_where_each_picture_has_its_own(scale, qtbot):
    scale.show_report(report(None, None))
    assert [field.value() for field in fields(scale)] == [0, 1000]
    assert scale.findChild(QPushButton).isEnabled()
