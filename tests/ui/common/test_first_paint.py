"""`painted` comes once: after the window was painted, or when it is not painted for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.first_paint import FirstPaint

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class Window(QWidget):
    """Counts how often it was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.paints = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paints += 1


def test_it_comes_after_the_window_was_painted(qtbot):
    window = Window()
    qtbot.addWidget(window)
    first_paint = FirstPaint(window, patience_ms=60_000)
    paints = []
    first_paint.painted.connect(lambda: paints.append(window.paints))
    with qtbot.waitSignal(first_paint.painted):
        window.show()
    assert paints[0] >= 1


def test_it_comes_once(qtbot):
    window = Window()
    qtbot.addWidget(window)
    first_paint = FirstPaint(window, patience_ms=60_000)
    with qtbot.waitSignal(first_paint.painted):
        window.show()
    with qtbot.assertNotEmitted(first_paint.painted, wait=50):
        window.repaint()


def test_a_window_that_nobody_sees_becomes_ready_all_the_same(qtbot):
    window = Window()
    qtbot.addWidget(window)
    first_paint = FirstPaint(window, patience_ms=1)
    qtbot.waitSignal(first_paint.painted).wait()
    assert window.paints == 0
