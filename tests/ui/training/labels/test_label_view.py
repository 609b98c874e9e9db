"""Finding mislabeled pictures and deciding about them, with the search played by hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea

from desktop_app.core.datasets.decision import EXCLUDE, KEEP, relabel
from desktop_app.core.datasets.report import ScanProgress
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.label_mistakes.mistake import LabelMistake, LabelMistakes
from desktop_app.ui.training.data.data_step import DataStep
from desktop_app.ui.training.labels.label_view import FIRST
from tests.ui.fake_training import PETS, FakeTraining, report


@pytest.fixture
def service(qapp):
    return FakeTraining()


@pytest.fixture
def step(qtbot, light, service):
    result = DataStep(service)
    qtbot.addWidget(result)
    result.resize(800, 1400)
    result.show()
    service.end_scan(report())
    return result


@pytest.fixture
def view(step):
    return step._report._labels


@pytest.fixture
def corrections(service):
    return service.corrections


def mistake(name, given="cats", suggested="dogs", probability=0.983, **more):
    path = PETS / given / f"{name}.jpg"
    return LabelMistake(path, "improbable", given, suggested, probability, 0.01, **more)


FOUND = LabelMistakes(
    (
        mistake("cats.1"),
        mistake("cats.2", probability=0.8),
        mistake("dogs.3", given="dogs", suggested="cats", probability=0.7),
    ),
    12,
)


def buttons(root):
    return {found.text(): found for found in root.findChildren(QPushButton) if found.isVisible()}


def words(root):
    return [found.text() for found in root.findChildren(QLabel) if found.isVisible()]


def shown(view):
    model = view._grid.model()
    return [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]


def select(view, *rows):
    model = view._grid.selectionModel()
    model.clearSelection()
    for row in rows:
        model.select(view._grid.model().index(row), QItemSelectionModel.SelectionFlag.Select)


def test_a_search_shows_its_progress_and_can_be_cancelled(view, corrections):
    buttons(view)["Find mislabeled pictures"].click()
    assert corrections.calls == [("search",)]
    corrections.search_progressed.emit(ScanProgress(0, 12, "Looking at pictures"))
    assert view._progress.text() == "Looking at pictures"
    corrections.search_progressed.emit(ScanProgress(8, 12, "Looking at pictures"))
    assert view._progress.text() == "Looking at pictures: 8 of 12"
    assert (view._bar.value(), view._bar.maximum()) == (8, 12)
    assert not view._find.isEnabled()
    buttons(view)["Cancel"].click()
    assert "Cancel" not in buttons(view)
    assert view._find.isEnabled()


def test_what_is_found_is_listed_worst_first_and_the_first_is_selected(view, corrections):
    corrections.end_search(FOUND)
    assert shown(view) == [
        "cats.1.jpg: labeled cats, looks like dogs (98.3%)",
        "cats.2.jpg: labeled cats, looks like dogs (80.0%)",
        "dogs.3.jpg: labeled dogs, looks like cats (70.0%)",
    ]
    assert "3 labels of 12 pictures may be wrong, the least probable first." in words(view)
    assert [item.path.name for item in view._grid.chosen] == ["cats.1.jpg"]
    assert view._grid.accessibleName() == "Pictures whose label may be wrong"


def test_one_click_relabels_and_goes_on_to_the_next(step, view, corrections):
    corrections.end_search(FOUND)
    buttons(view)["Relabel as dogs"].click()
    assert corrections.calls[-1] == (
        "decide",
        {PETS / "cats/cats.1.jpg": relabel("dogs")},
        "1 picture relabeled as dogs",
    )
    assert len(shown(view)) == 2
    assert [item.path.name for item in view._grid.chosen] == ["cats.2.jpg"]
    assert "2 labels of 12 pictures may be wrong, the least probable first." in words(view)
    assert [entry.total for entry in step.report.classes] == [5, 7]
    assert "12 pictures, 1 skipped, 1 corrected; 2 classes, no split yet" in words(step)


@pytest.mark.parametrize(
    ("text", "key", "decision", "told"),
    [
        ("Keep", Qt.Key.Key_K, KEEP, "2 pictures kept"),
        ("Exclude", Qt.Key.Key_Delete, EXCLUDE, "2 pictures excluded"),
        ("Relabel as dogs", Qt.Key.Key_Return, relabel("dogs"), "2 pictures relabeled as dogs"),
    ],
)
@pytest.mark.parametrize("by_key", [False, True])
def test_several_at_once_by_button_or_key(view, corrections, qtbot, text, key, decision, told, by_key):
    corrections.end_search(FOUND)
    select(view, 0, 1)
    assert "2 selected" in words(view)
    if by_key:
        qtbot.keyClick(view._grid, key)
    else:
        buttons(view)[text].click()
    _, decisions, said = corrections.calls[-1]
    assert decisions == dict.fromkeys((item.path for item in FOUND.found[:2]), decision)
    assert said == told


def test_different_suggestions_are_taken_together(view, corrections):
    corrections.end_search(FOUND)
    select(view, 0, 2)
    buttons(view)["Relabel as suggested"].click()
    assert list(corrections.calls[-1][1].values()) == [relabel("dogs"), relabel("cats")]


def test_any_class_can_be_chosen(view, corrections):
    corrections.end_search(FOUND)
    select(view, 2)
    view._actions._fill_menu()
    actions = view._actions._menu.actions()
    assert [action.text() for action in actions] == ["cats", "dogs"]
    actions[1].trigger()
    assert corrections.calls[-1][1] == {PETS / "dogs/dogs.3.jpg": relabel("dogs")}


def test_the_same_picture_in_two_classes_says_so(view, corrections):
    copy = LabelMistake(
        PETS / "cats/cats.1.jpg", "copy", "cats", "dogs", None, None, copies_in=("cats", "dogs")
    )
    corrections.end_search(LabelMistakes((copy,), 12))
    assert shown(view) == ["cats.1.jpg: the same picture is in cats and dogs; looks like dogs"]


def test_nothing_found_says_so_with_what_was_not_checked(view, corrections):
    corrections.end_search(LabelMistakes((), 9, ("owls",)))
    assert "No improbable labels found. Not checked: owls (fewer than 5 pictures)." in words(view)
    assert not view._grid.isVisible()
    assert "Keep" not in buttons(view)


def test_a_failure_is_said(step, corrections, qtbot):
    with qtbot.waitSignal(step.said) as said:
        corrections.search_failed.emit(Reason("ImageNet (small) cannot be used.", "Reinstall Sightline."))
    assert said.args == ["ImageNet (small) cannot be used. Reinstall Sightline.", True]


def test_the_end_of_the_list_is_said(view, corrections):
    corrections.end_search(FOUND)
    view._grid.selectAll()
    buttons(view)["Exclude"].click()
    assert "No more improbable labels." in words(view)


def test_the_keyboard_stays_here_when_the_list_ends(view, corrections, qtbot):
    corrections.end_search(FOUND)
    view.window().activateWindow()
    view._grid.setFocus()
    view._grid.selectAll()
    qtbot.keyClick(view._grid, Qt.Key.Key_K)
    assert view.window().focusWidget() is view._find


def test_the_page_scrolls_with_the_keyboard(view, corrections, qtbot):
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    area.setWidget(view)
    area.resize(400, 300)
    area.show()
    corrections.end_search(LabelMistakes(tuple(mistake(f"cats.{number}") for number in range(20)), 60))
    view._grid.setFocus()
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 300)
    qtbot.keyClick(view._grid, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 300)


def test_decisions_are_shown_and_taken_back(view, corrections):
    corrections.end_search(FOUND)
    buttons(view)["Relabel as dogs"].click()
    buttons(view)["Keep"].click()
    buttons(view)["Show 1 correction"].click()
    assert shown(view) == [
        "cats.1.jpg: relabeled from cats to dogs",
        "cats.2.jpg: kept in cats",
    ]
    assert "1 corrected, 1 kept. The files stay where they are." in words(view)
    select(view, 0, 1)
    buttons(view)["Take back"].click()
    assert corrections.calls[-1][1:] == (
        dict.fromkeys((PETS / "cats/cats.1.jpg", PETS / "cats/cats.2.jpg")),
        "2 pictures taken back",
    )
    assert len(shown(view)) == 3


def test_all_are_taken_back_by_one_button(view, corrections):
    corrections.end_search(FOUND)
    buttons(view)["Exclude"].click()
    buttons(view)["Show 1 correction"].click()
    buttons(view)["Take all back"].click()
    assert corrections.calls[-1] == ("clear",)


def test_undo_and_redo_by_button_and_by_keys(view, corrections, qtbot):
    corrections.end_search(FOUND)
    assert "Undo" not in buttons(view)
    corrections.steps_changed.emit("1 picture kept", "2 pictures excluded")
    assert "1 picture kept" in buttons(view)["Undo"].toolTip()
    buttons(view)["Undo"].click()
    buttons(view)["Redo"].click()
    view.window().activateWindow()
    view._grid.setFocus()
    qtbot.keyClick(view._grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [call for call in corrections.calls if call[0] in {"undo", "redo"}] == [
        ("undo",),
        ("redo",),
        ("undo",),
    ]


def test_during_a_training_nothing_can_be_changed_and_the_reason_is_shown(step, view, corrections, qtbot):
    corrections.end_search(FOUND)
    step.set_read_only(True)
    assert "Stop the current training to change labels." in words(view)
    assert not any(buttons(view)[text].isEnabled() for text in ("Relabel as dogs", "Keep", "Exclude"))
    qtbot.keyClick(view._grid, Qt.Key.Key_K)
    assert not [call for call in corrections.calls if call[0] == "decide"]
    step.set_read_only(False)
    assert buttons(view)["Keep"].isEnabled()
    assert "Stop the current training to change labels." not in words(view)


def test_a_long_list_is_shown_in_part(view, corrections):
    many = tuple(mistake(f"cats.{number}") for number in range(FIRST + 6))
    corrections.end_search(LabelMistakes(many, 60))
    assert len(shown(view)) == FIRST
    buttons(view)[f"Show all {FIRST + 6}"].click()
    assert len(shown(view)) == FIRST + 6


def test_other_data_begin_without_a_list(view, service, corrections):
    corrections.end_search(FOUND)
    service.end_scan(report())
    assert shown(view) == []
    assert "Find mislabeled pictures" in buttons(view)


def test_what_is_not_applied_any_more_can_be_seen_and_taken_back(view, service):
    lost = "1 correction not applied: its file is gone."
    service.end_scan(report(lost=(lost,)))
    buttons(view)["Show decisions"].click()
    assert any(lost in text for text in words(view))
    assert "Take all back" in buttons(view)
