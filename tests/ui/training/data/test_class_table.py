from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop_app.core.datasets.report import ClassSummary
from desktop_app.ui.common.thumbnails import Thumbnails
from desktop_app.ui.training.data.class_table import ClassTable
from desktop_app.ui.training.data.class_table_model import SAMPLES_ROLE, SHARE_ROLE, ClassTableModel
from desktop_app.workers.threads.thumbnails import PictureThumbnail
from tests.ui.fake_training import FakeTraining, report

CLASSES = (
    ClassSummary("class 10", 30, 5, 10, 0, ()),
    ClassSummary("class 2", 80, 0, 20, 3, (Path("/d/a.jpg"), Path("/d/b.jpg"))),
)


def headers(model):
    return [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]


def texts(model, column):
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


def test_splits_of_the_folders_are_counted_apart():
    model = ClassTableModel(replace(report(), classes=CLASSES))
    assert headers(model) == ["Class", "Samples", "Training", "Validation", "Test", "Skipped", "Balance"]
    assert texts(model, 2) == ["30", "80"]
    assert texts(model, 5) == ["0", "3"]


def test_copies_that_are_left_out_are_counted_with_what_is_left_out():
    model = ClassTableModel(
        replace(report(), classes=(ClassSummary("a", 8, 0, 3, 2, (), 5), ClassSummary("b", 9, 0, 3, 0, ())))
    )
    assert headers(model) == ["Class", "Samples", "Training", "Test", "Skipped", "Balance"]
    assert texts(model, 4) == ["7", "0"]
    tip = model.data(model.index(0, 4), Qt.ItemDataRole.ToolTipRole)
    assert "2 files cannot be used." in tip
    assert "5 pictures have copies in another split." in tip
    assert model.data(model.index(1, 4), Qt.ItemDataRole.ToolTipRole) is None
    balance = model.data(model.index(0, model.balance_column), Qt.ItemDataRole.ToolTipRole)
    assert "11 pictures: 92% of the largest class" in balance


def test_without_splits_there_is_one_count():
    good = replace(
        report(), classes=(ClassSummary("a", 1200, 0, 0, 0, ()), ClassSummary("b", 300, 0, 0, 0, ()))
    )
    model = ClassTableModel(good)
    assert headers(model) == ["Class", "Samples", "Pictures", "Balance"]
    assert texts(model, 2) == ["1,200", "300"]
    assert [model.data(model.index(row, 3), SHARE_ROLE) for row in (0, 1)] == [1.0, 0.25]
    spoken = model.data(model.index(1, 3), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "25% of the largest class"


def test_sorting_reads_numbers_in_names_and_counts_as_numbers():
    model = ClassTableModel(replace(report(), classes=CLASSES))
    model.sort(0)
    assert texts(model, 0) == ["class 2", "class 10"]
    model.sort(2, Qt.SortOrder.AscendingOrder)
    assert texts(model, 2) == ["30", "80"]
    model.sort(2, Qt.SortOrder.DescendingOrder)
    assert texts(model, 2) == ["80", "30"]
    assert model.data(model.index(0, 0), SAMPLES_ROLE) == CLASSES[1].samples


def test_an_empty_data_set_has_no_largest_class():
    model = ClassTableModel(replace(report(), classes=(ClassSummary("a", 0, 0, 0, 2, ()),)))
    assert model.data(model.index(0, model.balance_column), SHARE_ROLE) == 0


@pytest.fixture
def service(qapp):
    return FakeTraining()


@pytest.fixture
def table(qtbot, light, service):
    result = ClassTable(Thumbnails(service))
    qtbot.addWidget(result)
    result.resize(700, 300)
    result.show()
    return result


def test_thumbnails_are_asked_for_once_and_only_where_somebody_looks(table, service, qtbot):
    many = tuple(f"class {number}" for number in range(100))
    data = report(classes=many, count=4)
    table.show_report(data)
    qtbot.waitUntil(lambda: bool(service.called("request_thumbnails")))
    asked = [path for (paths,) in service.called("request_thumbnails") for path in paths]
    assert set(data.classes[0].samples) <= set(asked)
    assert len(asked) == len(set(asked)) < 60
    for path in asked:
        pixels = np.full((64, 96, 3), 200, np.uint8)
        service.thumbnail_ready.emit(PictureThumbnail(path, pixels))
    table.grab()
    assert [path for (paths,) in service.called("request_thumbnails") for path in paths] == asked


def test_a_picture_that_cannot_be_read_stays_a_sign(table, service, qtbot):
    table.show_report(report())
    qtbot.waitUntil(lambda: bool(service.called("request_thumbnails")))
    (paths,) = service.called("request_thumbnails")[0]
    service.thumbnail_ready.emit(PictureThumbnail(paths[0], None))
    table.grab()
    assert len(service.called("request_thumbnails")) == 1


def test_the_table_is_as_high_as_its_rows_but_not_higher_than_a_few(table):
    table.show_report(report(classes=("a", "b")))
    low = table.height()
    table.show_report(report(classes=tuple("abcd")))
    assert table.height() == low + 2 * table.verticalHeader().defaultSectionSize()
    table.show_report(report(classes=tuple("abcdefgh")))
    high = table.height()
    table.show_report(report(classes=tuple(map(str, range(500))), count=1))
    assert table.height() == high


def long_names():
    return replace(
        report(),
        classes=tuple(
            replace(
                entry, name=f"a rather long name of a class {n}", train=30, validation=5, test=10, left_out=1
            )
            for n, entry in enumerate(report(count=8).classes)
        ),
    )


@pytest.mark.parametrize("width", [1000, 640, 480])
def test_names_and_counts_go_before_thumbnails_and_nothing_is_scrolled_sideways(table, width):
    table.resize(width, 300)
    table.show_report(long_names())
    table.grab()
    header = table.horizontalHeader()
    assert header.length() == table.viewport().width()
    samples = header.sectionSize(table.model().samples_column)
    wish = table.sizeHintForColumn(table.model().samples_column)
    name = header.sectionSize(0)
    assert samples >= wish or samples < 100 or name >= table.sizeHintForColumn(0)
    assert name >= 72
    assert header.sectionSize(2) >= header.sectionSizeHint(2)


def test_a_double_click_on_a_thumbnail_opens_it_and_return_the_first(table, qtbot):
    data = report()
    table.show_report(data)
    opened = []
    table.picture_opened.connect(opened.append)
    cell = table.visualRect(table.model().index(1, table.model().samples_column))
    place = cell.topLeft() + QPoint(8 + 44 + 20, 20)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened == [data.classes[1].samples[1], data.classes[1].samples[0]]


def test_the_wheel_is_left_to_the_page_until_the_table_has_the_keyboard(table, qtbot):
    table.show_report(report(classes=tuple(map(str, range(50))), count=1))
    table.clearFocus()
    assert not turn(table)
    assert table.verticalScrollBar().value() == 0
    assert not table.hasFocus()
    table.setFocus()
    assert turn(table)
    assert table.verticalScrollBar().value() > 0
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    assert not turn(table)


def turn(table):
    """Turn the wheel towards the user, over the middle of a table; return whether the table used it."""
    place = QPointF(table.viewport().rect().center())
    event = QWheelEvent(
        place,
        table.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(table.viewport(), event)
    return event.isAccepted()


def test_similar_pictures_are_asked_for_the_one_that_was_pressed(table, qtbot):
    data = report(count=6)
    table.show_report(data)
    samples = data.classes[1].samples
    index = table.model().index(1, table.model().samples_column)
    (action,) = table.actions()
    place = table.visualRect(index).topLeft() + QPoint(8 + 44 + 10, 20)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert table.sample_at(place) == samples[1]
    with qtbot.waitSignal(table.similar_requested) as asked:
        action.trigger()
    assert asked.args == [samples[1]]
    table.selectRow(0)
    with qtbot.waitSignal(table.similar_requested) as asked:
        action.trigger()
    assert asked.args == [data.classes[0].samples[0]]
