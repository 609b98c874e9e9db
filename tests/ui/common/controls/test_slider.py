import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop_app.ui.common.controls.slider import Slider


@pytest.fixture
def slider(qtbot, light):
    result = Slider("Smoothing")
    result.setRange(0, 100)
    qtbot.addWidget(result)
    result.resize(160, 24)
    result.show()
    return result


def test_the_wheel_is_left_to_the_page(slider):
    slider.setValue(50)
    event = QWheelEvent(
        QPointF(80, 12),
        slider.mapToGlobal(QPointF(80, 12)),
        QPoint(),
        QPoint(0, -240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, event)
    assert slider.value() == 50
    assert not event.isAccepted()


@pytest.mark.parametrize(("x", "value"), [(40, 25), (80, 50), (159, 100), (0, 0)])
def test_a_click_brings_the_handle_to_the_pointer(slider, qtbot, x, value):
    slider.setValue(60)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(x, 12))
    assert slider.value() == pytest.approx(value, abs=4)


def test_the_handle_is_dragged_on_from_where_it_was_brought(slider, qtbot):
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(40, 12))
    qtbot.mouseMove(slider, QPoint(120, 12))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(120, 12))
    assert slider.value() == pytest.approx(75, abs=5)


def test_another_button_moves_nothing(slider, qtbot):
    qtbot.mouseClick(slider, Qt.MouseButton.RightButton, pos=QPoint(150, 12))
    assert slider.value() == 0
