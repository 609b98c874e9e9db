import pytest
from PySide6.QtCore import Qt

from desktop_app.core.classify.confusion import Confusion
from desktop_app.ui.charts.confusion_view import ConfusionView


@pytest.mark.parametrize("name", ["negative", "positive", "malignant", "harbour", "ß-tubulin"])
def test_a_name_for_which_there_is_room_is_not_shortened(qtbot, light, name):
    view = ConfusionView()
    qtbot.addWidget(view)
    view.show_matrix(Confusion.from_rows([[8, 0], [1, 7]]), (name, "b"))
    mode = Qt.TextElideMode.ElideMiddle
    assert view.fontMetrics().elidedText(name, mode, view._widest()) == name
