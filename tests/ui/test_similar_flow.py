"""From the panes to the dialogs that compare pictures, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.batch.filing.filing import Filed
from desktop_app.core.features.similar import SimilarPictures
from desktop_app.core.foundation.errors import Reason
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.similar.similar_dialog import SimilarDialog
from desktop_app.ui.sorting.sorting_dialog import SortingDialog
from tests.ui.fake_training import report

PICTURE = Path("/pictures/a.png")


def test_batch_compares_with_its_job(window, similar):
    window.show_batch_pane().similar_requested.emit(PICTURE, Path("/jobs/1.job"))
    assert similar.calls == [("find_similar_in_job", PICTURE, Path("/jobs/1.job"))]
    (dialog,) = window.findChildren(SimilarDialog)
    dialog.accept()


def test_train_compares_with_its_data_set(window, similar, training):
    pane = window.show_train_pane()
    data = report(count=6)
    training.report = data
    training.scan_ended.emit(data)
    pane._data.show_similar(data.examples[0].path)
    assert similar.calls == [
        ("find_similar", data.examples[0].path, tuple(each.path for each in data.examples))
    ]
    (dialog,) = window.findChildren(SimilarDialog)
    similar.similar_found.emit(SimilarPictures(PICTURE, (), ()))
    dialog.accept()


def test_without_data_it_says_what_to_do(window, similar, qtbot):
    pane = window.show_train_pane()
    with qtbot.waitSignal(pane.said) as said:
        pane._data.show_similar(PICTURE)
    assert said.args[1]
    assert similar.calls == []


def test_similar_pictures_are_classified(window, similar, session):
    window.show_batch_pane().similar_requested.emit(PICTURE, Path("/jobs/1.job"))
    (dialog,) = window.findChildren(SimilarDialog)
    dialog.classify_requested.emit([PICTURE])
    assert window._panes.shown == 0
    dialog.accept()


@pytest.fixture
def unsorted(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


def test_a_folder_without_classes_offers_to_sort_it(window, similar, training, unsorted):
    pane = window.show_train_pane()
    pane.open_data(unsorted)
    training.scan_failed.emit(Reason("photos has 3 pictures but no class folders."))
    sort = pane._data._failure._sort
    assert sort.isVisible()
    sort.click()
    assert similar.calls[0] == ("group", unsorted)
    (dialog,) = window.findChildren(SortingDialog)
    similar.filed.emit(Filed("copied", 3, (), folder=unsorted.with_name("photos sorted")))
    dialog.accept()
    assert ("open_data", unsorted.with_name("photos sorted")) in training.calls


def test_a_file_that_is_no_folder_does_not(window, training, tmp_path):
    pane = window.show_train_pane()
    (tmp_path / "notes.txt").write_text("no archive")
    pane.open_data(tmp_path / "notes.txt")
    training.scan_failed.emit(Reason("notes.txt is a text file."))
    assert not pane._data._failure._sort.isVisible()


def test_the_start_page_leads_to_sorting_too(window, similar, unsorted, monkeypatch):

    pane = window.show_train_pane()
    monkeypatch.setattr(FileDialog, "open_folder", lambda *_words: str(unsorted))
    pane._data._invitation.sorting_requested.emit()
    assert similar.calls[0] == ("group", unsorted)
    (dialog,) = window.findChildren(SortingDialog)
    dialog.reject()
