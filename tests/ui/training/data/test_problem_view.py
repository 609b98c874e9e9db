import os
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices

from desktop_app.core.datasets.report import DuplicateGroup, FileProblem
from desktop_app.core.foundation.errors import Reason
from desktop_app.ui.training.data.problem_table import ProblemTable
from desktop_app.ui.training.data.problem_view import ProblemView
from tests.ui.fake_training import report

FOLDER = Path("/data/pets")
PROBLEMS = (
    FileProblem(FOLDER / "dogs" / "z.jpg", Reason("It is empty.", "Get it again.")),
    FileProblem(FOLDER / "cats" / "a.jpg", Reason("This is text, not a picture.")),
)
EXACT = DuplicateGroup(
    "exact",
    (FOLDER / "cats" / "1.jpg", FOLDER / "dogs" / "1.jpg", FOLDER / "dogs" / "2.jpg"),
    ("cats", "dogs"),
    (),
    kept=FOLDER / "cats" / "1.jpg",
    used=(FOLDER / "dogs" / "1.jpg", FOLDER / "dogs" / "2.jpg"),
)
NEAR = DuplicateGroup(
    "near",
    (FOLDER / "test" / "y.png", FOLDER / "test" / "z.png", FOLDER / "train" / "x.png"),
    ("cats",),
    ("train", "test"),
    kept=FOLDER / "test" / "y.png",
    stays="test",
    left_out=(FOLDER / "train" / "x.png",),
    used=(FOLDER / "test" / "z.png",),
)
UNTOLD = DuplicateGroup(
    "exact", (FOLDER / "train" / "v.png", FOLDER / "train" / "w.png"), ("cats",), ("train",)
)
DATA = report(problems=PROBLEMS, duplicates=(EXACT, UNTOLD, NEAR))


def column(model, number):
    return [model.data(model.index(row, number)) for row in range(model.rowCount())]


def test_files_are_listed_with_their_reasons_and_each_copy_once():
    model = ProblemTable(DATA)
    assert column(model, 0) == [
        str(Path(*parts))
        for parts in (
            ("dogs", "z.jpg"),
            ("cats", "a.jpg"),
            ("dogs", "1.jpg"),
            ("dogs", "2.jpg"),
            ("train", "x.png"),
            ("test", "z.png"),
        )
    ]
    assert column(model, 1) == ["Skipped"] * 2 + ["Same picture"] * 2 + ["Skipped", "Looks the same"]
    reasons = column(model, 2)
    kept, other = Path("cats", "1.jpg"), Path("test", "y.png")
    assert reasons[0] == "It is empty."
    assert reasons[2] == (
        f"The same picture as {kept}. Both are used, in the same split. "
        "Such copies are in the classes cats and dogs."
    )
    assert reasons[4] == f"Looks like {other}, which stays in the test split; this copy is skipped."
    assert reasons[5] == f"Looks like {other}. Both are used, in the same split."
    tip = model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert "Get it again." in tip
    assert str(FOLDER / "dogs" / "z.jpg") in tip


def test_sorting_and_filtering_go_together():
    model = ProblemTable(DATA)
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert model.row_at(model.index(0, 0)).path == FOLDER / "train" / "x.png"
    model.show_kind("skipped")
    paths = [model.row_at(model.index(row, 0)).path for row in range(model.rowCount())]
    assert [path.name for path in paths] == ["x.png", "z.jpg", "a.jpg"]
    model.show_kind(None)
    model.sort(-1)
    assert model.row_at(model.index(0, 0)).path == PROBLEMS[0].path


def test_a_name_that_is_not_valid_unicode_is_shown():
    path = FOLDER / os.fsdecode(b"cats/\xff.jpg")
    model = ProblemTable(report(problems=(FileProblem(path, Reason("It is empty.")),), duplicates=()))
    assert "\N{REPLACEMENT CHARACTER}.jpg" in column(model, 0)[0]


@pytest.fixture
def opened(monkeypatch):
    links = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: links.append(url) or True)
    return links


@pytest.fixture
def view(qtbot, light):
    result = ProblemView()
    qtbot.addWidget(result)
    result.resize(700, 400)
    result.show()
    return result


def test_nothing_to_look_at_shows_nothing(view):
    view.show_report(replace(DATA, problems=(), duplicates=()))
    assert not view.isVisible()
    view.show_report(DATA)
    assert view.isVisible()


def test_the_kinds_are_offered_with_their_counts(view):
    view.show_report(DATA)
    assert [view._kinds.itemText(index) for index in range(view._kinds.count())] == [
        "All (6)",
        "Skipped (3)",
        "Same picture (2)",
        "Looks the same (1)",
    ]
    view._kinds.setCurrentIndex(2)
    assert view._table.model().rowCount() == 2


def test_the_current_row_is_told_in_full(view):
    view.show_report(DATA)
    assert not view._detail.isVisible()
    view._table.setCurrentIndex(view._model.index(0, 0))
    text = view._detail.text().replace("\N{ZERO WIDTH SPACE}", "")
    assert text == f"{FOLDER / 'dogs' / 'z.jpg'}\nIt is empty. Get it again."
    view._table.setCurrentIndex(view._model.index(2, 0))
    assert "Remove the picture from the class that it does not belong to." in view._detail.text()
    view.show_report(DATA)
    assert not view._detail.isVisible()


@pytest.mark.parametrize(("width", "kind"), [(1000, True), (480, False)])
def test_a_narrow_table_does_without_the_kind_and_none_is_scrolled_sideways(view, width, kind):
    view.resize(width, 400)
    view.show_report(DATA)
    view.grab()
    header = view._table.horizontalHeader()
    assert header.isSectionHidden(1) is not kind
    assert header.length() == view._table.viewport().width()
    assert header.sectionSize(0) > header.length() * 0.25


def test_return_and_double_click_open_the_file(view, qtbot, opened, tmp_path):
    file = tmp_path / "a b.jpg"
    file.write_bytes(b"x")
    view.show_report(
        report(tmp_path, problems=(FileProblem(file, Reason("It is no picture.")),), duplicates=())
    )
    assert not view._open.isEnabled()
    view._table.setCurrentIndex(view._model.index(0, 0))
    assert view._open.isEnabled()
    qtbot.keyClick(view._table, Qt.Key.Key_Return)
    place = view._table.visualRect(view._model.index(0, 0)).center()
    qtbot.mouseClick(view._table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(view._table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    view._open.click()
    assert [Path(url.toLocalFile()) for url in opened] == [file] * 3
    view._show.click()
    assert Path(opened[-1].toLocalFile()) == tmp_path


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_file_whose_name_is_not_valid_unicode_is_opened(view, opened, tmp_path):
    file = tmp_path / os.fsdecode(b"\xff.jpg")
    file.write_bytes(b"x")
    view.open_file(file)
    assert opened[0].toEncoded().data().endswith(b"/%FF.jpg")


def test_a_file_that_is_gone_shows_its_folder(view, opened, tmp_path):
    view.open_file(tmp_path / "gone.jpg")
    assert [Path(url.toLocalFile()) for url in opened] == [tmp_path]


def test_a_system_that_opens_nothing_is_told(view, monkeypatch, qtbot, tmp_path):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    with qtbot.waitSignal(view.said) as told:
        view.open_file(tmp_path / "a.jpg")
    assert str(tmp_path) in told.args[0]
    assert told.args[1]


def test_a_hundred_thousand_files_ask_for_no_more_than_what_is_seen(view):
    asked = []
    problems = tuple(
        FileProblem(FOLDER / "cats" / f"{number}.jpg", Reason("It is empty.")) for number in range(100_000)
    )
    view.show_report(report(problems=problems, duplicates=()))
    view._all.click()
    model = view._model
    original = model.data
    model.data = lambda index, role=0: asked.append(index.row()) or original(index, role)
    view.grab()
    view._table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    view.grab()
    assert 0 < len(set(asked)) < 100
    assert model.row_at(model.index(0, 0)).path.name == "99999.jpg"


def test_files_with_the_same_reason_have_one_row_until_all_are_asked_for(view, qtbot):
    outside = [
        FileProblem(FOLDER / "test1" / f"{number}.jpg", Reason(f"{number}.jpg is in no class folder."))
        for number in range(1, 12_501)
    ]
    view.show_report(report(problems=(*outside, *PROBLEMS), duplicates=(EXACT,)))
    files = column(view._model, 0)
    assert files[0] == str(Path("test1", "1.jpg")) + " and 12,499 more"
    assert files[1:] == [str(Path("dogs", "z.jpg")), str(Path("cats", "a.jpg"))] + [
        str(Path("dogs", f"{number}.jpg")) for number in (1, 2)
    ]
    assert view._kinds.itemText(0) == "All (12,504)"
    assert view._all.text() == "Show all 12,504 files"
    qtbot.mouseClick(view._all, Qt.MouseButton.LeftButton)
    assert view._model.rowCount() == 12_504
    assert column(view._model, 0)[:2] == [str(Path("test1", f"{number}.jpg")) for number in (1, 2)]
    assert view._all.text() == "Show one file per reason"
    view.show_report(DATA)
    assert not view._all.isVisible()


def test_similar_pictures_are_asked_for(view, qtbot):
    view.show_report(DATA)
    view._table.selectRow(0)
    (action,) = view._table.actions()
    with qtbot.waitSignal(view.similar_requested) as asked:
        action.trigger()
    assert asked.args == [view._model.row_at(view._table.currentIndex()).path]
