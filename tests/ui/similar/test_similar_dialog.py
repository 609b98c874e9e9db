"""The dialog with the pictures most like one picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.core.features.similar import SimilarPictures
from desktop_app.core.foundation.errors import Reason
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.similar.picture_model import LIKENESS_ROLE, PATH_ROLE
from desktop_app.ui.similar.similar_dialog import SimilarDialog
from desktop_app.workers.threads.thumbnails import PictureThumbnail

PICTURE = Path("/pets/cat 1.jpg")
OTHERS = tuple(Path(f"/pets/cat {number}.jpg") for number in range(2, 12))
FOUND = SimilarPictures(PICTURE, OTHERS, tuple(0.9 - 0.12 * step for step in range(10)), 2)


@pytest.fixture
def asked():
    return []


@pytest.fixture
def dialog(qtbot, light, similar, asked):
    made = SimilarDialog(similar, asked.append, PICTURE)
    qtbot.addWidget(made)
    made.show()
    return made


def words(dialog):
    return [
        each.text()
        for kind in (QLabel, ElidedLabel)
        for each in dialog.findChildren(kind)
        if each.isVisible()
    ]


def press(dialog, text):
    next(
        each for each in dialog.findChildren(QPushButton) if each.text() == text and each.isVisible()
    ).click()


def test_it_asks_and_shows_the_progress(dialog, similar, asked):
    assert asked == [PICTURE]
    similar.progressed.emit(30, 100)
    assert "Looking for pictures like cat 1.jpg" in words(dialog)
    assert "Comparing pictures: 30 of 100" in words(dialog)


def test_cancel_drops_the_request(dialog, similar):
    press(dialog, "Cancel")
    assert not dialog.isVisible()
    assert similar.calls == [("cancel",)]


def test_a_failure_says_why(dialog, similar):
    similar.failed.emit(Reason("It is damaged.", "Save it again."))
    assert "It is damaged. Save it again." in words(dialog)
    press(dialog, "Close")
    assert not dialog.isVisible()


def test_the_picture_comes_first_then_its_like(dialog, similar):
    similar.similar_found.emit(FOUND)
    model = dialog._grid.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    assert [index.data(PATH_ROLE) for index in rows] == [PICTURE, *OTHERS]
    likeness = [index.data(LIKENESS_ROLE) for index in rows]
    assert likeness[:2] == [1.0, 0.9]
    assert min(likeness) == 0  # a negative cosine has no bar
    assert "10 pictures, the most similar first; 2 couldn't be read" in words(dialog)


def test_thumbnails_are_asked_for_and_shown(dialog, similar, qtbot):
    similar.similar_found.emit(FOUND)
    qtbot.waitUntil(lambda: PICTURE in similar.thumbnails)
    similar.thumbnail_ready.emit(PictureThumbnail(PICTURE, np.zeros((8, 8, 3), np.uint8)))
    assert dialog._grid.model().index(0, 0).data(Qt.ItemDataRole.DecorationRole) is not None


def test_pictures_are_opened_in_classify(dialog, similar, qtbot):
    similar.similar_found.emit(FOUND)
    dialog._grid.selectAll()
    with qtbot.waitSignal(dialog.classify_requested) as asked:
        press(dialog, "Classify")
    assert asked.args == [[PICTURE, *OTHERS]]
    assert not dialog.isVisible()


def test_enter_opens_the_current_one(dialog, similar, qtbot):
    similar.similar_found.emit(FOUND)
    with qtbot.waitSignal(dialog.classify_requested) as asked:
        qtbot.keyClick(dialog._grid, Qt.Key.Key_Return)
    assert asked.args == [[PICTURE]]


def test_the_folder_is_shown(dialog, similar, monkeypatch):
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()) or True)
    similar.similar_found.emit(FOUND)
    press(dialog, "Show in file manager")
    assert shown == ["/pets"]


def test_one_may_go_on_from_another_picture(dialog, similar, asked):
    similar.similar_found.emit(FOUND)
    dialog._grid.setCurrentIndex(dialog._grid.model().index(3, 0))
    press(dialog, "Show similar")
    assert asked == [PICTURE, OTHERS[2]]
    assert "Looking for pictures like cat 4.jpg" in words(dialog)


def test_what_needs_one_picture_waits_for_one(dialog, similar):
    similar.similar_found.emit(FOUND)
    dialog._grid.selectAll()
    enabled = {each.text(): each.isEnabled() for each in dialog.findChildren(QPushButton)}
    assert enabled["Classify"]
    assert not enabled["Show similar"]
    assert not enabled["Show in file manager"]


@pytest.fixture
def choosing(qtbot, light, similar, asked):
    made = SimilarDialog(similar, asked.append, PICTURE, [("mine", "Mine"), ("other", "Other")])
    qtbot.addWidget(made)
    made.show()
    similar.similar_found.emit(FOUND)
    return made


def pick(dialog, row):
    dialog._by.setCurrentIndex(row)
    dialog._by.activated.emit(row)


def test_without_models_for_features_there_is_no_choice(dialog, similar):
    similar.similar_found.emit(FOUND)
    assert not dialog._by.isVisible()


def test_pictures_are_compared_again_by_a_model_for_features(choosing, similar, asked):
    assert choosing._by.isVisible()
    pick(choosing, 0)
    assert asked == [PICTURE]
    pick(choosing, 2)
    assert (similar.model_id, asked) == ("other", [PICTURE, PICTURE])


def test_the_choice_is_kept_until_it_fails_or_is_gone(choosing, qtbot, similar, asked):
    pick(choosing, 1)
    second = SimilarDialog(similar, asked.append, PICTURE, [("mine", "Mine")])
    qtbot.addWidget(second)
    assert second._by.currentText() == "Mine"
    similar.failed.emit(Reason("It is damaged."))
    assert similar.model_id == ""
    similar.model_id = "gone"
    third = SimilarDialog(similar, asked.append, PICTURE, [("mine", "Mine")])
    qtbot.addWidget(third)
    assert (third._by.currentText(), similar.model_id) == ("Built in", "")
