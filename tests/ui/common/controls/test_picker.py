"""The list of a picker is seen whole."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.style.theme import Theme


@pytest.mark.parametrize("focused", [True, False])
@pytest.mark.parametrize("count", [2, 3, 8])
def test_every_entry_of_a_short_list_is_seen(qtbot, qapp, count, focused):
    Theme(qapp).apply("light")
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    pickers = [Picker("First"), Picker("Second")]
    for picker in pickers:
        picker.addItems([f"Entry {number}" for number in range(count)])
        layout.addWidget(picker)
    page.show()
    page.activateWindow()
    pickers[0].setFocus()
    qtbot.waitUntil(pickers[0].hasFocus)
    picker = pickers[0 if focused else 1]
    heights = {each.height() for each in pickers}
    picker.showPopup()
    view = picker.view()
    assert view.verticalScrollBar().maximum() == 0
    assert view.viewport().height() == count * view.sizeHintForRow(0)
    assert len(heights) == 1  # focus changes the frame, not the size
    picker.hidePopup()


@pytest.mark.parametrize("text", ["Follow the system", "Validation accuracy", "All", "WWWWWWWWWWWWWWWW"])
def test_the_widest_entry_is_not_shortened(qtbot, qapp, text):
    Theme(qapp).apply("light")
    picker = Picker("First")
    picker.addItems([text, "A"])
    qtbot.addWidget(picker)
    picker.show()
    picker.resize(picker.sizeHint())
    assert picker.shown_text() == text
