"""From a folder to a data set: the work, the dialogs, what is made, and undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop_app.core.batch.filing.filing import Filed
from desktop_app.core.batch.filing.journals import LastFiling
from desktop_app.core.batch.filing.steps import FileProblem
from desktop_app.core.foundation.errors import Reason
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.sorting import sorting_dialog as module
from desktop_app.ui.sorting.create_dialog import CreateDialog, proposed_folder
from desktop_app.ui.sorting.sorting_dialog import SortingDialog
from tests.ui.sorting.conftest import COLLIES, FOLDER, GROUPS, TABBIES
from tests.ui.test_layout import clipped

TARGET = Path("/photos/pets")
LAST = LastFiling(Path("/jobs/a.journal"), Filed("copied", 10, (), folder=TARGET))


@pytest.fixture
def sorted_dialog(dialog):
    """Two groups in two classes."""
    dialog.page._move_to_new(TABBIES, edit=False)
    dialog.page._move_to_new(COLLIES, edit=False)
    return dialog


def words(dialog):
    return [
        each.text()
        for kind in (QLabel, ElidedLabel)
        for each in dialog.findChildren(kind)
        if each.isVisible()
    ]


def end(similar, what="copied", done=10, problems=()):
    similar.filed.emit(Filed(what, done, problems, folder=TARGET if what in {"copied", "moved"} else None))
    similar.undo_available.emit(LAST if what in {"copied", "moved"} else None)


def test_it_groups_at_once_and_asks_what_can_be_undone(qtbot, light, similar):
    dialog = SortingDialog(similar, FOLDER)
    qtbot.addWidget(dialog)
    dialog.show()
    assert similar.calls == [("group", FOLDER), ("ask_undo",)]
    similar.progressed.emit(3, 14)
    assert "Comparing pictures: 3 of 14" in words(dialog)
    similar.failed.emit(Reason("No pictures in it.", "Choose another folder."))
    assert "No pictures in it. Choose another folder." in words(dialog)
    dialog._looking.cancel_requested.emit()
    assert not dialog.isVisible()
    assert similar.calls[-1] == ("cancel",)


def test_two_classes_are_needed(dialog):
    assert not dialog.create_button.isEnabled()
    assert "0 of 14 pictures sorted; 1 couldn't be read" in words(dialog)
    dialog.page._move_to_new(TABBIES, edit=False)
    assert not dialog.create_button.isEnabled()
    dialog.page._move_to_new(COLLIES, edit=False)
    assert dialog.create_button.isEnabled()
    assert "10 of 14 pictures sorted; 1 couldn't be read" in words(dialog)


def test_undo_takes_the_last_move_back(sorted_dialog):
    sorted_dialog._undo.click()
    assert list(sorted_dialog.page.classes) == ["tabby"]


def test_a_data_set_is_made_where_the_user_says(sorted_dialog, similar):
    sorted_dialog.create_button.click()
    (asking,) = sorted_dialog.findChildren(CreateDialog)
    assert "10 pictures in 2 classes. 4 unsorted pictures are left out." in words(asking)
    assert asking.how == "copy"
    asking._folder = TARGET
    asking._ok.click()
    assert similar.calls[-1] == ("create", {"tabby": TABBIES, "collie": COLLIES}, TARGET, "copy")
    similar.filing_progressed.emit(4, 10)
    assert "Copying pictures: 4 of 10" in words(sorted_dialog)
    assert not sorted_dialog.page.isEnabled()
    sorted_dialog.reject()
    assert sorted_dialog.isVisible()  # until the files are written


def test_what_was_made_is_trained_on(sorted_dialog, similar, qtbot):
    sorted_dialog._on_confirmed(TARGET, "copy")
    end(similar)
    assert any("10 pictures" in text or "10 copies" in text for text in words(sorted_dialog))
    assert not sorted_dialog.create_button.isVisible()
    with qtbot.waitSignal(sorted_dialog.data_created) as made:
        sorted_dialog.train_button.click()
    assert made.args == [TARGET]


def test_what_was_undone_is_not(sorted_dialog, similar, monkeypatch):
    made = []
    sorted_dialog.data_created.connect(made.append)
    sorted_dialog._on_confirmed(TARGET, "move")
    end(similar, "moved")
    sorted_dialog._bar.undo_requested.emit()
    assert similar.calls[-1] == ("undo_filing",)
    end(similar, "restored")
    assert sorted_dialog.page.isEnabled()
    assert sorted_dialog.create_button.isEnabled()
    monkeypatch.setattr(module, "confirm", lambda *_words, **_more: True)
    sorted_dialog.reject()
    assert made == []


def test_a_failure_leaves_everything_as_it_was(sorted_dialog, similar):
    sorted_dialog._on_confirmed(TARGET, "copy")
    similar.message.emit("The disk is full.", False)
    assert "The disk is full." in words(sorted_dialog)
    assert sorted_dialog.create_button.isEnabled()


def test_files_that_failed_are_counted(sorted_dialog, similar):
    sorted_dialog._on_confirmed(TARGET, "copy")
    end(similar, done=9, problems=(FileProblem(TABBIES[0], "It is no longer a file."),))
    assert sorted_dialog._bar._show.text() == "1 problem…"


def test_closing_asks_before_work_is_lost(sorted_dialog, monkeypatch):
    answers = [False, True]
    monkeypatch.setattr(module, "confirm", lambda *_words, **_more: answers.pop(0))
    sorted_dialog.reject()
    assert sorted_dialog.isVisible()
    sorted_dialog.reject()
    assert not sorted_dialog.isVisible()


def test_nobody_is_asked_when_the_app_ends(qtbot, similar, monkeypatch):
    monkeypatch.setattr(module, "confirm", lambda *_words, **_more: pytest.fail("it asked"))
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    ending = SortingDialog(similar, FOLDER, window)
    ending.show()
    similar.grouped.emit(GROUPS)
    ending.page._move_to_new(TABBIES, edit=False)
    window.hide()
    ending.close()
    assert not ending.isVisible()


def test_an_earlier_data_set_can_be_undone_until_pictures_are_sorted(dialog, similar):
    similar.undo_available.emit(LAST)
    assert dialog._bar.isVisible()
    dialog.page._move_to_new(TABBIES, edit=False)
    assert not dialog._bar.isVisible()
    similar.undo_available.emit(LAST)
    assert not dialog._bar.isVisible()


def test_leaving_it_is_asked_for(dialog, similar, monkeypatch):
    monkeypatch.setattr(module, "confirm", lambda *_words, **_more: True)
    dialog._bar.giving_up_requested.emit(LAST)
    assert similar.calls[-1] == ("give_up_undo", LAST)


def test_the_proposed_folder_is_new(tmp_path):
    folder = tmp_path / "photos"
    assert proposed_folder(folder) == tmp_path / "photos sorted"
    (tmp_path / "photos sorted").mkdir()
    assert proposed_folder(folder) == tmp_path / "photos sorted 2"


def test_another_folder_is_chosen_and_others_in_it_are_named(qtbot, light, tmp_path, monkeypatch):
    asking = CreateDialog(tmp_path / "photos", 10, 2, 1)
    qtbot.addWidget(asking)
    asking.show()
    assert "10 pictures in 2 classes. 1 unsorted picture is left out." in words(asking)
    (tmp_path / "set" / "old").mkdir(parents=True)
    monkeypatch.setattr(FileDialog, "open_folder", lambda *_words: str(tmp_path / "set"))
    asking._on_choose_clicked()
    assert "This folder is not empty: other folders in it will be classes too." in words(asking)
    asking.move_files.click()
    with qtbot.waitSignal(asking.confirmed) as confirmed:
        asking._ok.click()
    assert confirmed.args == [tmp_path / "set", "move"]


@pytest.mark.parametrize("size", [(1040, 680), (900, 600), (640, 440)])
def test_nothing_is_cut_off(sorted_dialog, similar, size):
    sorted_dialog.resize(*size)
    QApplication.processEvents()
    assert clipped(sorted_dialog) == []
    sorted_dialog._on_confirmed(TARGET, "copy")
    end(similar)
    QApplication.processEvents()
    assert clipped(sorted_dialog) == []
    assert sorted_dialog.width() == size[0]
