from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from desktop_app.core.batch.job.filters import RowFilter, Sort
from desktop_app.core.batch.job.reader import Counts
from desktop_app.core.batch.job.rows import Status
from desktop_app.core.batch.run.pace import Progress
from desktop_app.core.batch.run.runner import Summary
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.images.sources import FileSource, LinkSource
from desktop_app.ui.batch import batch_pane as module
from desktop_app.ui.batch.table import picture_actions
from desktop_app.ui.batch.table.columns import COLUMNS, KIND, PATH, PICTURE, PROBABILITY, STATUS
from desktop_app.workers.batch.messages import JobEntry
from tests.ui.batch.conftest import view
from tests.ui.fake_batch import JOB, PETS, job_spec, overview, rows
from tests.ui.fakes import entry, missing_vgg19
from tests.ui.test_accessibility import nameless
from tests.ui.test_layout import clipped, overlapping

OTHER = JOB.with_name("batch-2.job")
WHEN = datetime(2026, 5, 4, 9, 30)  # noqa: DTZ001 - as lists have it, in local time
LONG = "IMG_20240711_153012_a_file_name_as_phones_and_people_make_them_indeed"
ALL = Counts(6, 0, 6)


def job(path=JOB, state="finished", counts=ALL, **fields):
    return JobEntry(path, fields.pop("name", "pets"), "everyday", "Everyday", state, counts, WHEN, **fields)


def show_jobs(batch, *entries):
    batch.jobs = entries
    batch.jobs_changed.emit(entries)


def run(batch, *, running=True):
    batch.running = running
    batch.running_changed.emit(running)


def visible(root):
    return {each.text() for each in root.findChildren(QPushButton) if each.isVisible() and each.isEnabled()}


def press(root, text):
    (found,) = [each for each in root.findChildren(QPushButton) if each.text() == text and each.isVisible()]
    found.click()


@pytest.fixture
def opened(batch_pane, batch):
    """The pane with a finished job of six classified pictures and one that cannot be read."""
    show_jobs(batch, job())
    batch.open_job()
    batch.view_ready.emit(view(range(1, 8)))
    batch.rows_ready.emit(tuple(rows(count=6, failed=1)))
    batch.overview_ready.emit(overview((0, 3), (1, 3), failed=1))
    batch.calls.clear()
    return batch_pane


@pytest.fixture
def table(opened):
    return opened._work._table


# Beginning


def test_without_jobs_there_is_an_invitation_only(batch_pane, batch):
    assert batch.called("refresh_jobs")
    assert batch_pane._start.isVisible()
    assert not batch_pane._start.jobs.isVisible()
    assert {"Choose folder…", "Choose pictures…"} <= visible(batch_pane)


def test_what_is_dropped_begins_at_once_with_the_model_of_the_classify_pane(batch_pane, batch):
    batch_pane.sources_arrived.emit([FileSource(PETS), FileSource(Path("/pictures/b.jpg"))])
    assert batch.called("begin") == [((PETS, Path("/pictures/b.jpg")), "everyday")]


def test_links_are_left_to_classify(batch_pane, batch, qtbot):
    with qtbot.waitSignal(batch_pane.said) as said:
        batch_pane.sources_arrived.emit([LinkSource("https://example.org/a.jpg")])
    assert said.args[1]
    assert batch.called("begin") == []


def test_another_model_may_be_chosen_here(batch_pane, batch, library):
    library.change(entry(), entry("flowers", "Flowers"), missing_vgg19())
    picker = batch_pane._start.invitation.picker
    picker.activated.emit(picker.findData("flowers"))
    batch_pane.show_current("everyday")
    assert picker.currentData() == "flowers"
    batch_pane.begin([PETS])
    assert batch.called("begin") == [((PETS,), "flowers")]
    library.change(entry())
    assert picker.currentData() == "everyday"


def test_the_model_follows_the_classify_pane_until_one_is_chosen(batch_pane, batch, library):
    library.change(entry(), entry("flowers", "Flowers"))
    batch_pane.show_current("flowers")
    batch_pane.begin([PETS])
    assert batch.called("begin") == [((PETS,), "flowers")]


def test_what_is_dropped_before_the_models_are_known_waits_for_them(batch_pane, batch, library):
    library.change()
    batch_pane.show_current("")
    batch_pane.begin([PETS])
    assert batch.called("begin") == []
    library.change(entry())
    library.change(entry(), missing_vgg19())
    assert batch.called("begin") == [((PETS,), "everyday")]


def test_a_model_that_is_not_here_is_offered_for_download(batch_pane, qtbot):
    picker = batch_pane._start.invitation.picker
    with qtbot.waitSignal(batch_pane.download_requested) as asked:
        picker.activated.emit(picker.findData("vgg19"))
    assert asked.args == ["vgg19"]


def test_a_folder_is_chosen(batch_pane, batch, monkeypatch):
    monkeypatch.setattr(module.FileDialog, "open_folder", lambda *_: "/data/pets")
    press(batch_pane, "Choose folder…")
    assert batch.called("begin") == [((Path("/data/pets"),), "everyday")]
    monkeypatch.setattr(module.FileDialog, "open_folder", lambda *_: "")
    press(batch_pane, "Choose folder…")
    assert len(batch.called("begin")) == 1


def test_what_goes_wrong_stands_above_until_the_next_try(batch_pane, batch):
    batch.failed.emit(Reason("pets cannot be read.", "Check the permissions."))
    assert batch_pane._trouble.isVisible()
    batch_pane.begin([PETS])
    assert not batch_pane._trouble.isVisible()


# Recent batches


def test_jobs_are_opened_gone_on_with_and_deleted(batch_pane, batch, monkeypatch):
    show_jobs(batch, job(OTHER, "stopped", Counts(2, 0, 6)), job())
    assert {"Open", "Resume", "Delete"} <= visible(batch_pane)
    press(batch_pane, "Open")
    assert batch.called("open") == [(OTHER,)]
    asked = []
    monkeypatch.setattr(module, "confirm", lambda *words: bool(asked.append(words)))
    press(batch_pane, "Delete")
    assert asked
    assert batch.called("remove") == []
    monkeypatch.setattr(module, "confirm", lambda *_: True)
    press(batch_pane, "Delete")
    assert batch.called("remove") == [(OTHER,)]


def test_going_on_opens_first(batch_pane, batch):
    show_jobs(batch, job(OTHER, "stopped", Counts(2, 0, 6)))
    press(batch_pane, "Resume")
    assert batch.called("resume") == []
    batch.open_job(path=OTHER)
    assert batch.called("resume") == [()]
    batch.open_job(path=OTHER)
    assert batch.called("resume") == [()]


def test_keys_open_and_delete(batch_pane, batch, qtbot, monkeypatch):
    monkeypatch.setattr(module, "confirm", lambda *_: True)
    show_jobs(batch, job(OTHER), job())
    jobs = batch_pane._start.jobs._view
    batch_pane.activateWindow()
    jobs.setFocus()
    qtbot.waitUntil(jobs.hasFocus)
    qtbot.keyClick(jobs, Qt.Key.Key_Down)
    qtbot.keyClick(jobs, Qt.Key.Key_Return)
    assert batch.called("open") == [(JOB,)]
    qtbot.keyClick(jobs, Qt.Key.Key_Delete)
    assert batch.called("remove") == [(JOB,)]
    show_jobs(batch, job(OTHER))
    assert batch_pane._start.jobs.current.path == OTHER


def test_the_keyboard_comes_to_the_list_or_to_the_table(batch_pane, batch, qtbot):
    batch_pane.activateWindow()
    show_jobs(batch, job())
    batch_pane.setFocus()
    qtbot.waitUntil(batch_pane._start.jobs._view.hasFocus)
    batch.open_job()
    batch.view_ready.emit(view([1]))
    batch_pane.setFocus()
    qtbot.waitUntil(batch_pane._work._table.hasFocus)


def test_a_job_at_work_cannot_be_deleted_and_a_damaged_one_not_opened(batch_pane, batch):
    show_jobs(batch, job(state="running"))
    assert "Delete" not in visible(batch_pane)
    show_jobs(batch, job(problem="The file is damaged."))
    assert "Open" not in visible(batch_pane)
    assert "Delete" in visible(batch_pane)


def test_one_may_go_back_and_return(opened, batch, qtbot):
    opened._work._header._back.click()
    assert opened._start.isVisible()
    press(opened, "Open")
    assert opened._work.isVisible()
    assert batch.called("open") == batch.called("close") == []


def test_a_job_that_is_closed_leads_back(opened, batch):
    batch.opened = None
    batch.job_closed.emit()
    assert opened._start.isVisible()


# A job at work


def test_a_job_that_begins_is_shown_and_asked_for(batch_pane, batch):
    run(batch)
    batch.open_job()
    assert batch_pane._work.isVisible()
    assert batch.called("ask_view") == [(RowFilter(), Sort())]
    batch.model_loading.emit("Loading Everyday…")
    assert batch_pane._work._header._words.text() == "Loading Everyday…"
    assert {"Pause", "Cancel"} <= visible(batch_pane)
    assert batch_pane._work._empty._title.text() == "Looking for pictures…"
    batch.model_loading.emit("")
    batch.progressed.emit(Progress(90, 10, 500, 500, 45.2, 90.0))
    assert batch_pane._work._header._words.text() == (
        "100 of 500 · 10 couldn't be read · 45 pictures/s · 2 min left"
    )
    assert batch_pane._work._header._bar.value() == 200


def test_pause_and_continue(batch_pane, batch):
    run(batch)
    batch.open_job()
    press(batch_pane, "Pause")
    assert batch.called("pause") == [()]
    batch.progressed.emit(Progress(5, 0, 10, 10, 1.0, 5.0))
    assert batch_pane._work._header._words.text().startswith("Pausing… · 5 of 10")
    batch.progressed.emit(Progress(5, 0, 10, 10, 1.0, 5.0, paused=True))
    assert batch_pane._work._header._words.text() == "Paused · 5 of 10"
    press(batch_pane, "Resume")
    assert batch.called("unpause") == [()]
    assert "Pause" in visible(batch_pane)


def test_a_cancelled_job_can_be_resumed(batch_pane, batch):
    run(batch)
    batch.open_job()
    press(batch_pane, "Cancel")
    assert batch.called("cancel") == [()]
    batch.running = False
    batch.ended.emit(Summary(finished=False, answered=3, failed=0, left=4, seconds=1.0))
    batch.running_changed.emit(False)
    batch.overview_ready.emit(overview((0, 3), waiting=4))
    assert batch_pane._work._header._words.text() == (
        "3 of 7 pictures · interrupted · last run: 3 pictures in 1 s · 3.0 pictures/s"
    )
    press(batch_pane, "Resume")
    assert batch.called("resume") == [()]
    run(batch)
    assert "Resume" not in visible(batch_pane)


def test_the_end_takes_the_buttons_away(batch_pane, batch):
    run(batch)
    batch.open_job()
    batch.running = False
    batch.ended.emit(Summary(finished=True, answered=6, failed=1, left=0, seconds=3.5))
    batch.running_changed.emit(False)
    batch.overview_ready.emit(overview((0, 6), failed=1))
    words = batch_pane._work._header._words
    assert words.text() == "7 pictures in 4 s · 1 couldn't be read · 2.0 pictures/s"
    assert words.isVisible()
    assert not {"Pause", "Cancel", "Resume"} & visible(batch_pane)
    assert not batch_pane._work._header._bar.isVisible()


def test_what_came_of_a_run_is_not_told_of_another_job(batch_pane, batch):
    batch.open_job()
    batch.ended.emit(Summary(finished=True, answered=7, failed=0, left=0, seconds=1.0))
    batch.overview_ready.emit(overview((0, 7)))
    assert batch_pane._work._header._words.isVisible()
    show_jobs(batch, job(OTHER))
    batch.open_job(path=OTHER)
    batch.overview_ready.emit(overview((0, 7)))
    assert not batch_pane._work._header._words.isVisible()


def test_new_answers_are_asked_for(opened, batch):
    batch.rows_changed.emit()
    assert batch.called("ask_view") == [(RowFilter(), Sort())]


# The table


def test_filters_and_headings_ask_anew(opened, batch, table):
    opened._work._filters.choose_label(1)
    table.sortByColumn(PROBABILITY, Qt.SortOrder.DescendingOrder)
    by_probability = Sort("probability", descending=True)
    assert batch.called("ask_view") == [(RowFilter(label=1), Sort()), (RowFilter(label=1), by_probability)]
    batch.view_ready.emit(view([1]))  # the answer to an older question
    assert table.shown == 7
    batch.view_ready.emit(view([2, 3], RowFilter(label=1), by_probability))
    assert table.shown == 2
    assert opened._work._count.text() == "2 of 7 pictures"


def test_a_label_of_the_overview_filters(opened, batch):
    opened._work._panel.label_chosen.emit(1)
    assert batch.called("ask_view") == [(RowFilter(label=1), Sort())]
    assert opened._work._filters._label.currentText() == "dog (3)"


def test_filters_that_nothing_passes_can_be_cleared(opened, batch, table):
    opened._work._filters.choose_label(5)
    batch.view_ready.emit(view([], RowFilter(label=5)))
    assert not table.isVisible()
    assert opened._work._empty._title.text() == "No pictures match these filters"
    press(opened, "Clear filters")
    assert batch.called("ask_view")[-1] == (RowFilter(), Sort())
    batch.view_ready.emit(view(range(1, 8)))
    assert table.isVisible()


def test_another_job_begins_anew(opened, batch, table):
    opened._work._filters.choose_label(1)
    batch.open_job(job_spec(PETS / "x"), OTHER)
    assert batch.called("ask_view")[-1] == (RowFilter(), Sort())
    assert table.shown == 0


def test_the_picture_is_opened_in_classify(opened, table, qtbot):
    table.selectRow(1)
    with qtbot.waitSignal(opened.classify_requested) as asked:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert asked.args == [[PETS / "a/1.jpg"]]


def test_rows_that_are_not_read_yet_are_waited_for(opened, batch, table, qtbot):
    batch.view_ready.emit(view(range(1, 2001)))
    table.selectRow(1500)
    table.open_requested.emit()
    assert (1501,) in [numbers for (numbers,) in batch.called("ask_rows")]
    far = replace(rows()[0], number=1501, path=PETS / "far.jpg")
    with qtbot.waitSignal(opened.classify_requested) as asked:
        batch.rows_ready.emit((far,))
    assert asked.args == [[PETS / "far.jpg"]]


def test_classify_takes_some_pictures_only(opened, batch, table, qtbot):
    batch.view_ready.emit(view(range(1, 2001)))
    table.selectAll()
    with qtbot.waitSignal(opened.said) as said:
        opened._work._actions.classify.trigger()
    advice = "Classify shows up to 200 pictures at a time: select fewer than 2,000 pictures."
    assert said.args == [advice, True]


def test_paths_are_copied(opened, table, qtbot):
    table.selectRow(0)
    with qtbot.waitSignal(opened.said):
        qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "/pictures/pets/b/0.jpg"


def test_the_folder_is_shown_or_it_is_said_that_it_is_gone(
    opened, batch, table, qtbot, tmp_path, monkeypatch
):
    shown = []
    monkeypatch.setattr(picture_actions, "open_folder", lambda folder: bool(shown.append(folder)) or True)
    table.selectRow(0)
    with qtbot.waitSignal(opened.said) as said:
        opened._work._actions.show_file.trigger()
    assert said.args == ["/pictures/pets/b is no longer there.", True]
    batch.rows_ready.emit((replace(rows()[0], path=tmp_path / "a.jpg"),))
    with qtbot.waitSignal(opened.said) as said:
        opened._work._actions.show_file.trigger()
    assert (said.args[1], shown) == (False, [tmp_path])


@pytest.mark.parametrize(
    ("selected", "numbers"), [((), None), ((0,), None), ((0, 2), [1, 3])], ids=["nothing", "one", "two"]
)
def test_what_is_selected_is_filed_else_all(opened, batch, table, qtbot, selected, numbers):
    table.setSelectionMode(table.SelectionMode.MultiSelection)
    for place in selected:
        table.selectRow(place)
    press(opened, "Sort into folders…")
    assert batch.called("plan_filing")[0][0] == numbers


def test_all_that_is_shown_is_filed(opened, batch):
    opened._work._filters.choose_label(1)
    batch.view_ready.emit(view([2, 4], RowFilter(label=1)))
    press(opened, "Sort into folders…")
    assert batch.called("plan_filing")[0][0] == [2, 4]


def test_the_menu_files_one_picture_too(opened, batch, table):
    table.selectRow(2)
    opened._work._actions.filing_requested.emit("move")
    ((numbers, _folder, how),) = batch.called("plan_filing")
    assert (numbers, how) == ([3], "move")


# Looks


@pytest.mark.parametrize(("width", "beside"), [(1100, True), (528, False)])
def test_the_overview_is_beside_the_table_or_in_its_place(opened, qtbot, width, beside):
    opened.resize(width, 500)
    work = opened._work
    qtbot.waitUntil(lambda: work._panel.isVisible() == beside)
    assert work._table.isVisible()
    work._toggle.click()
    assert work._panel.isVisible() != beside
    assert work._table.isVisible() == beside


@pytest.mark.parametrize("width", [1100, 528])
def test_a_label_of_the_overview_leads_to_its_pictures(opened, batch, qtbot, width):
    opened.resize(width, 500)
    work = opened._work
    qtbot.waitUntil(lambda: work._is_wide == (width == 1100))
    work._toggle.setChecked(True)
    work._panel.label_chosen.emit(1)
    assert batch.called("ask_view")[-1][0] == RowFilter(label=1)
    assert work._table.isVisible()
    assert work._panel.isVisible() == work._is_wide


def test_the_end_is_said(opened, batch, qtbot):
    with qtbot.waitSignal(opened.said) as said:
        batch.ended.emit(Summary(True, 6, 1, 0, 2.0))
    assert said.args == ["Finished: 7 pictures, 1 couldn't be read, 3.5 per second.", False]


def test_the_result_of_filing_stays_with_its_job(opened, batch):
    batch.end_filing(done=3)
    assert opened._work._filing.undo_bar.isVisible()
    opened._work.back_requested.emit()
    assert not opened._work._filing.undo_bar.isVisible()


@pytest.mark.parametrize("size", [(1100, 640), (808, 520), (548, 380)])
def test_nothing_is_cut_off(batch_pane, batch, qtbot, size):
    def check():
        for _ in range(3):
            QGuiApplication.processEvents()
        assert clipped(batch_pane) == []
        assert overlapping(batch_pane) == []
        assert nameless(batch_pane) == []

    batch_pane.resize(*size)
    check()
    show_jobs(batch, job(OTHER, "stopped", Counts(2, 0, 6), name=LONG), job(problem=f"{LONG} is damaged."))
    check()
    run(batch)
    batch.open_job(job_spec(PETS / LONG))
    batch.model_loading.emit(f"Loading {LONG}…")
    check()
    batch.progressed.emit(Progress(12_345, 678, 100_000, 100_000, 123.0, 5000.0))
    batch.view_ready.emit(view(range(1, 100_001)))
    batch.rows_ready.emit(tuple(rows(count=6, failed=1)))
    batch.overview_ready.emit(overview(failed=1, waiting=3))
    check()
    batch_pane._work._filters.choose_label(5)
    batch.view_ready.emit(view([7], RowFilter(label=5)))
    check()
    batch.view_ready.emit(view([], RowFilter(label=5)))
    check()
    run(batch, running=False)
    batch.failed.emit(Reason(f"{LONG} cannot be read.", "Check the permissions."))
    check()


def test_a_filter_for_the_unreadable(opened, batch):
    picker = opened._work._filters._status
    picker.setCurrentIndex(2)
    picker.activated.emit(2)
    assert batch.called("ask_view") == [(RowFilter(status=Status.FAILED), Sort())]
    table = opened._work._table
    shown = [place for place in range(len(COLUMNS)) if not table.isColumnHidden(place)]
    assert shown == [PICTURE, PATH, STATUS]
    assert table.columnWidth(STATUS) > 200
    opened._work._filters.clear()
    assert [place for place in range(len(COLUMNS)) if table.isColumnHidden(place)] == [KIND]
