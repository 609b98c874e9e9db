from PySide6.QtWidgets import QLabel

from desktop_app.ui.training.data.warning_list import WarningList


def test_where_labels_come_from_is_no_warning(qtbot, light):
    shown = WarningList()
    qtbot.addWidget(shown)
    shown.show_sentences(("Labels from labels.csv.", "Too few pictures."), {"Labels from labels.csv."})
    tones = {
        found.text().replace("\u200b", ""): found.property("tone")
        for found in shown.findChildren(QLabel)
        if found.text()
    }
    assert tones["Too few pictures."] == "warning"
    assert not tones["Labels from labels.csv."]
