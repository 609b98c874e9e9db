"""Step 1 with pictures that have several labels at once."""

from __future__ import annotations

import pytest

from desktop_app.core.datasets.examine import doctor
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.recipes.shortage import shortage
from desktop_app.ui.training.data.class_table_model import ClassTableModel
from desktop_app.ui.training.data.split_settings import SplitSettings
from tests.core.training.several import ALL, NAMES, make_labelled


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("several")
    return doctor.examine(make_labelled(folder / "data"), answers=ALL, cache=folder / "scan.sqlite")


def test_labels_are_counted_once_for_each_picture_that_has_them(report):
    assert report.task == "multi-label"
    assert report.sentence.startswith("48 pictures; 3 labels, several at once")
    assert report.class_names == NAMES
    assert {entry.name: entry.total for entry in report.classes} == {"blue": 24, "green": 24, "red": 16}
    assert "no label" in report.example_names
    assert shortage(catalogue.get("pretrained"), report) is None


def test_the_table_lists_labels(report, qapp):
    model = ClassTableModel(report)
    titles = [model.headerData(column, qt_horizontal()) for column in range(model.columnCount())]
    assert titles[0] == "Label"
    assert model.rowCount() == 3


def test_the_planned_split_counts_pictures_and_not_labels(report, qtbot, light):
    settings = SplitSettings()
    qtbot.addWidget(settings)
    settings.show_report(report)
    planned = settings.planned
    assert sum((planned.train, planned.validation, planned.test)) == 48
    assert (planned.validation, planned.test) == (10, 5)
    assert not settings.problem


def qt_horizontal():
    from PySide6.QtCore import Qt

    return Qt.Orientation.Horizontal
