import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.core.batch.job.filters import RowFilter
from desktop_app.core.batch.job.rows import Status
from desktop_app.ui.batch.table.filter_row import FilterRow
from tests.ui.fakes import ANIMALS


@pytest.fixture
def page(qtbot, light):
    result = QWidget()
    qtbot.addWidget(result)
    result.resize(1000, 100)
    return result


@pytest.fixture
def row(page):
    result = FilterRow()
    result.setParent(page)
    result.begin(ANIMALS)
    result.setGeometry(0, 0, 1000, 40)
    page.show()
    return result


@pytest.fixture
def wanted(row):
    """Filters, one after the other."""
    said = []
    row.changed.connect(said.append)
    return said


def pick(picker, place):
    picker.setCurrentIndex(place)
    picker.activated.emit(place)


def test_everything_passes_at_first(row):
    assert row.filter == RowFilter()


def test_labels_come_with_their_counts(row, wanted):
    row.show_labels(((1, 60), (0, 1234)))
    assert [row._label.itemText(place) for place in range(row._label.count())] == [
        "All labels",
        "dog (60)",
        "cat (1,234)",
    ]
    pick(row._label, 2)
    assert wanted == [RowFilter(label=0)]


def test_new_counts_leave_the_choice(row, wanted):
    row.show_labels(((1, 60), (0, 50)))
    pick(row._label, 1)
    row.show_labels(((0, 70), (1, 61)))
    assert row._label.currentText() == "dog (61)"
    row.show_labels(((0, 70),))
    assert row._label.currentText() == "dog (0)"
    assert wanted == [RowFilter(label=1)]


def test_an_open_list_is_left_alone(row, qtbot):
    row.show_labels(((1, 60),))
    row._label.showPopup()
    row.show_labels(((1, 61),))
    assert row._label.itemText(1) == "dog (60)"
    row._label.hidePopup()
    row.show_labels(((1, 61),))
    assert row._label.itemText(1) == "dog (61)"


def test_text_is_looked_for_when_typing_rests(row, wanted, qtbot):
    with qtbot.waitSignal(row.changed):
        qtbot.keyClicks(row._text, " Beach ")
    assert wanted == [RowFilter(text="Beach")]


def test_enter_looks_for_the_text_at_once(row, wanted, qtbot):
    qtbot.keyClicks(row._text, "sea")
    qtbot.keyClick(row._text, Qt.Key.Key_Return)
    assert wanted == [RowFilter(text="sea")]


def test_confidence_has_two_ends(row, wanted):
    row._least.setValue(50)
    row._most.setValue(90)
    row._least.setValue(0)
    assert wanted == [RowFilter(least=0.5), RowFilter(least=0.5, most=0.9), RowFilter(most=0.9)]


def test_what_became_of_them(row, wanted):
    pick(row._status, 2)
    assert wanted == [RowFilter(status=Status.FAILED)]


def test_only_what_is_unlike_the_training_pictures(row, wanted):
    pick(row._status, row._status.findText("Unlike any class"))
    pick(row._status, 0)
    assert wanted == [RowFilter(unlike=True), RowFilter()]


def test_no_status_is_shortened(row):
    for place in range(row._status.count()):
        row._status.setCurrentIndex(place)
        assert row._status.shown_text() == row._status.itemText(place)


def test_a_label_may_be_chosen_elsewhere(row, wanted):
    row.choose_label(4)
    row.choose_label(4)
    row.choose_label(None)
    assert wanted == [RowFilter(label=4), RowFilter()]


def test_all_filters_are_cleared_at_once(row, wanted, qtbot):
    qtbot.keyClicks(row._text, "sea")
    row._least.setValue(50)
    row.choose_label(1)
    pick(row._status, 1)
    wanted.clear()
    row.clear()
    assert wanted == [RowFilter()]
    assert (row._text.text(), row._least.value(), row._label.currentIndex()) == ("", 0, 0)


def test_another_job_begins_without_filters_and_says_nothing(row, wanted):
    row.choose_label(1)
    wanted.clear()
    row.begin(("x", "y"))
    assert (row.filter, wanted) == (RowFilter(), [])
    assert row._label.count() == 1


@pytest.mark.parametrize(("width", "lines"), [(1000, 1), (528, 2)])
def test_a_narrow_row_has_two_lines(row, width, lines, qtbot):
    row.setGeometry(0, 0, width, 100)
    qtbot.waitUntil(lambda: (row._status.y() > row._text.y()) == (lines == 2))
    assert row._most.geometry().right() <= width


def test_kinds_stand_above_the_labels(row, wanted):
    row.show_labels((("mammal", 7), (1, 60)))
    assert [row._label.itemText(place) for place in range(3)] == ["All labels", "Any mammal (7)", "dog (60)"]
    pick(row._label, 1)
    pick(row._label, 2)
    row.choose_label("mammal")
    row.show_labels(((1, 61),))
    assert row._label.currentText() == "Any mammal (0)"
    assert wanted == [RowFilter(kind="mammal"), RowFilter(label=1), RowFilter(kind="mammal")]
