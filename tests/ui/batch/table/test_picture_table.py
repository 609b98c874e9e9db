import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication

from desktop_app.core.batch.job.filters import RowFilter, Sort
from desktop_app.core.batch.job.rows import Row, Status
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.library.card import ClassLabel
from desktop_app.ui.batch.table.columns import KIND, LABEL, PATH, PROBABILITY, STATUS
from desktop_app.ui.batch.table.picture_delegate import SIDE
from desktop_app.ui.batch.table.picture_table import PictureTable
from desktop_app.ui.batch.table.row_store import KEPT, MOST_ASKED
from desktop_app.ui.batch.table.selected_numbers import MANY_RANGES
from desktop_app.workers.threads.thumbnails import PictureThumbnail
from tests.ui.batch.conftest import view
from tests.ui.fake_batch import PETS, job_spec, rows

ROW = SIDE + 8
BY_PROBABILITY = Sort("probability", descending=True)
SPEC = job_spec()


@pytest.fixture
def table(qtbot, batch, light):
    result = PictureTable(batch)
    qtbot.addWidget(result)
    result.show_job(SPEC)
    result.resize(900, 400)
    result.show()
    return result


def answer(batch, numbers):
    """Play that the service has read rows."""
    batch.rows_ready.emit(tuple(row(number) for number in numbers))


def row(number, status=Status.DONE):
    prediction = SPEC.prediction([number % 10, 2], [0.9, 0.1]) if status is Status.DONE else None
    return Row(number, 0, PETS / f"{number}.jpg", status, prediction, 0.02)


def asked(batch):
    """Numbers of the last rows that were asked for."""
    return batch.called("ask_rows")[-1][0]


def wait_for_rows(qtbot, batch):
    count = len(batch.calls)
    qtbot.waitUntil(lambda: any(call[0] == "ask_rows" for call in batch.calls[count:]))
    return asked(batch)


def text(table, place, column):
    return table.model().index(place, column).data()


def select(table, *places):
    for place in places:
        index = table.model().index(place, 0)
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        table.selectionModel().select(index, flags)


def top_number(table):
    return int(table.numbers[table.rowAt(0)])


def test_rows_come_when_they_are_looked_at(table, batch, qtbot):
    table.show_view(view(range(1, 100_001)))
    numbers = wait_for_rows(qtbot, batch)
    assert numbers[0] == 1
    assert len(numbers) <= MOST_ASKED
    assert text(table, 0, PATH) is None
    answer(batch, numbers)
    assert text(table, 0, PATH) == "1.jpg"
    assert text(table, 0, LABEL) == "dog"
    assert text(table, 0, PROBABILITY) == "90.0%"
    assert text(table, 0, STATUS) == "Done"


def test_far_below_other_rows_are_asked_for_and_old_ones_forgotten(table, batch, qtbot):
    table.show_view(view(range(1, 100_001)))
    answer(batch, wait_for_rows(qtbot, batch))
    for start in range(1000, 1000 + KEPT, 200):
        answer(batch, range(start, start + 200))
    table.verticalScrollBar().setValue(50_000 * ROW)
    numbers = wait_for_rows(qtbot, batch)
    assert numbers[0] == 50_001
    assert text(table, 0, PATH) is None


def test_what_is_there_is_not_asked_for_again(table, batch, qtbot):
    table.show_view(view(range(1, 4)))
    answer(batch, wait_for_rows(qtbot, batch))
    batch.calls.clear()
    table._look_at_rows()
    assert batch.calls == []


def test_thumbnails_are_made_for_rows_at_rest_and_once(table, batch, qtbot):
    table.show_view(view(range(1, 1001)))
    answer(batch, wait_for_rows(qtbot, batch))
    assert batch.called("request_thumbnails") == []
    qtbot.waitUntil(lambda: bool(batch.called("request_thumbnails")))
    ((paths,),) = batch.called("request_thumbnails")
    assert paths[0] == PETS / "1.jpg"
    assert len(paths) <= 12
    batch.thumbnail_ready.emit(PictureThumbnail(paths[0], None))
    table._look_at_pictures()
    assert len(batch.called("request_thumbnails")) == 1


def test_waiting_rows_are_read_again_when_more_is_answered(table, batch, qtbot):
    table.show_view(view([1, 2]))
    wait_for_rows(qtbot, batch)
    batch.rows_ready.emit((row(1), row(2, Status.WAITING)))
    table.show_view(view([1, 2]))
    assert wait_for_rows(qtbot, batch) == (2,)
    assert text(table, 1, STATUS) == "Waiting"
    answer(batch, [2])
    assert text(table, 1, STATUS) == "Done"


def test_more_pictures_at_the_end_move_nothing(table, batch, qtbot):
    table.show_view(view(range(1, 501)))
    table.verticalScrollBar().setValue(100 * ROW + 7)
    select(table, 3, 4, 200)
    table.show_view(view(range(1, 1001)))
    assert table.shown == 1000
    assert table.verticalScrollBar().value() == 100 * ROW + 7
    assert table.selected().tolist() == [4, 5, 201]


def test_pictures_that_come_in_between_leave_the_screen_and_the_selection(table, qtbot):
    numbers = list(range(2, 1002, 2))
    table.show_view(view(numbers, sort=BY_PROBABILITY))
    table.verticalScrollBar().setValue(100 * ROW + 7)
    select(table, 3, 4, 200)
    table.selectionModel().setCurrentIndex(
        table.model().index(4, 1), QItemSelectionModel.SelectionFlag.NoUpdate
    )
    table.verticalScrollBar().setValue(100 * ROW + 7)
    before, selected = top_number(table), table.selected().tolist()
    table.show_view(view(range(1, 1002), sort=BY_PROBABILITY))
    assert top_number(table) == before
    assert table.rowViewportPosition(table.rowAt(0)) == -7
    assert table.selected().tolist() == selected
    assert table.numbers[table.currentIndex().row()] == 10


def test_at_the_top_one_stays_at_the_top(table):
    table.show_view(view([5, 3], sort=BY_PROBABILITY))
    table.show_view(view([9, 5, 4, 3], sort=BY_PROBABILITY))
    assert table.verticalScrollBar().value() == 0


def test_another_order_begins_at_the_top_and_keeps_the_selection(table):
    table.show_view(view(range(1, 501)))
    select(table, 10)
    table.verticalScrollBar().setValue(100 * ROW)
    table.show_view(view(range(500, 0, -1), sort=BY_PROBABILITY))
    assert table.verticalScrollBar().value() == 0
    assert table.selected().tolist() == [11]


def test_a_filter_takes_what_does_not_pass_out_of_the_selection(table):
    table.show_view(view(range(1, 101)))
    select(table, 10, 11)
    table.show_view(view(range(1, 101, 2), RowFilter(label=1)))
    assert table.selected().tolist() == [11]


def test_all_of_very_many_are_selected_in_one_piece(table, batch, qtbot):
    table.show_view(view(range(1, 100_001)))
    batch.calls.clear()
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert table.selectionModel().selection().count() == 1
    assert len(table.selected()) == 100_000


def test_a_selection_is_not_torn_into_very_many_pieces(table, qtbot):
    many = 2 * MANY_RANGES + 10
    table.show_view(view(range(2, 2 * many, 2), sort=BY_PROBABILITY))
    table.selectAll()
    table.show_view(view(range(1, 2 * many), sort=BY_PROBABILITY))
    assert table.shown == many - 1
    with qtbot.waitSignal(table.view_wanted):
        table.clearSelection()
    table.show_view(view(range(1, 2 * many), sort=BY_PROBABILITY))
    assert table.shown == 2 * many - 1


def test_nothing_moves_under_the_hand_that_drags_the_scroll_bar(table, qtbot):
    table.show_view(view(range(2, 502, 2), sort=BY_PROBABILITY))
    table.verticalScrollBar().setSliderDown(True)
    table.show_view(view(range(1, 502), sort=BY_PROBABILITY))
    assert table.shown == 250
    with qtbot.waitSignal(table.view_wanted):
        table.verticalScrollBar().setSliderDown(False)


def test_headings_sort_down_and_up_and_not(table, qtbot):
    wanted = []
    table.sort_requested.connect(wanted.append)
    header = table.horizontalHeader()
    middle = header.sectionViewportPosition(PROBABILITY) + 20
    for _ in range(3):
        qtbot.mouseClick(
            header.viewport(), Qt.MouseButton.LeftButton, pos=header.rect().topLeft() + _at(middle)
        )
    assert wanted == [Sort("probability"), Sort("probability", descending=True), Sort()]


def _at(x):
    from PySide6.QtCore import QPoint

    return QPoint(x, 10)


def test_every_heading_has_room_for_its_words_and_the_mark(table):
    header = table.horizontalHeader()
    table.setColumnHidden(KIND, False)
    for place in range(1, table.model().columnCount() - 1):
        words = table.model().headerData(place, Qt.Orientation.Horizontal)
        assert header.sectionSize(place) >= header.fontMetrics().horizontalAdvance(words) + 22 + 16


def test_the_paths_have_what_is_free_until_a_width_is_chosen(table, qtbot):
    header = table.horizontalHeader()
    before = header.sectionSize(PATH)
    table.resize(1100, 400)
    qtbot.waitUntil(lambda: header.sectionSize(PATH) == before + 200)
    header.resizeSection(LABEL, 150)
    table.resize(900, 400)
    qtbot.waitUntil(lambda: table.viewport().width() < 900)
    assert header.sectionSize(PATH) == before + 200


def test_another_job_begins_unsorted(table):
    table.show_view(view([1, 2]))
    table.sortByColumn(PROBABILITY, Qt.SortOrder.AscendingOrder)
    wanted = []
    table.sort_requested.connect(wanted.append)
    table.show_job(SPEC)
    assert (table.shown, wanted) == (0, [])
    assert table.horizontalHeader().sortIndicatorSection() == -1


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_opens(table, qtbot, key):
    table.show_view(view([1, 2]))
    table.selectRow(1)
    with qtbot.waitSignal(table.open_requested):
        qtbot.keyClick(table, key)


def test_the_keys_that_copy_mean_the_paths(table, qtbot):
    table.show_view(view([1, 2]))
    table.selectRow(1)
    with qtbot.waitSignal(table.copy_requested):
        qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def test_a_reason_is_told_in_full(table, batch, qtbot):
    table.show_view(view([1]))
    (broken,) = rows(SPEC, 0, failed=1)
    batch.rows_ready.emit((broken,))
    assert text(table, 0, STATUS) == "Can't open: It is empty."
    tip = table.model().index(0, PATH).data(Qt.ItemDataRole.ToolTipRole)
    assert "/pictures/pets/broken 1.jpg" in tip
    told = table.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "broken 1.jpg: can't open: it is empty."


def test_everything_is_painted(table, batch, qtbot):
    table.show_view(view([1, 2, 3]))
    batch.rows_ready.emit((row(1), *rows(SPEC, 1, failed=1)[1:]))
    table.selectRow(0)
    QGuiApplication.processEvents()
    assert not table.grab().isNull()


def test_only_models_with_kinds_have_a_column_of_kinds(table):
    table.show_answers(shown=True)
    assert table.isColumnHidden(KIND)
    cats = ("n02123045", "n02124075", "n02099601")
    classes = tuple(ClassLabel(class_id=entry, label=entry) for entry in cats)
    table.show_job(JobSpec(**(SPEC.model_dump() | {"classes": classes})))
    table.show_answers(shown=True)
    assert not table.isColumnHidden(KIND)
    table.show_answers(shown=False)
    assert table.isColumnHidden(KIND)
