from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QStyledItemDelegate

from desktop_app.ui.common.controls.entry_list import EntryList


def test_the_current_entry_is_told_however_it_was_reached(qtbot):
    model = QStringListModel(["a", "b", "c"])
    shown = EntryList("Letters", model, QStyledItemDelegate())
    qtbot.addWidget(shown)
    told = []
    shown.current_changed.connect(lambda: told.append(shown.currentIndex().row()))
    shown.choose_row(1)
    assert shown.selectionModel().isRowSelected(1)
    shown.setCurrentIndex(model.index(2))
    assert told == [1, 2]
    assert shown.accessibleName() == "Letters"
