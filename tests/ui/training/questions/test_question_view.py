from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.core.datasets.answers import Answers
from desktop_app.core.datasets.question import Choice
from desktop_app.ui.common.controls.widgets import scrolling
from desktop_app.ui.common.thumbnails import Thumbnails
from desktop_app.ui.training.questions.choice_card import ChoiceCard
from desktop_app.ui.training.questions.question_view import QuestionView
from desktop_app.ui.training.questions.thumbnail_row import ThumbnailRow
from desktop_app.workers.threads.thumbnails import PictureThumbnail
from tests.ui.fake_training import FakeTraining
from tests.ui.training.questions.questions import LEVELS, ONE, PICTURES


@pytest.fixture
def service(qapp):
    return FakeTraining()


@pytest.fixture
def view(qtbot, light, service):
    result = QuestionView(Thumbnails(service))
    result.setMinimumWidth(300)
    area = scrolling(result)
    qtbot.addWidget(area)
    area.resize(700, 500)
    area.show()
    result.show_question(LEVELS)
    yield result
    area.hide()


def cards(view):
    return [card for card in view.findChildren(ChoiceCard) if card.isVisible()]


def test_the_question_stands_below_what_was_seen_and_the_proposal_comes_first(view):
    words = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert words[:2] == [LEVELS.reason, LEVELS.text]
    first, second = cards(view)
    assert first.accessibleName() == "2 levels down: airfield and barn (suggested)"
    assert first.accessibleDescription() == "2 classes."
    assert second.accessibleName() == "1 level down: a and b"
    assert "Suggested" in words
    view.show_question(replace(LEVELS, proposed=False, reason=""))
    assert next(label.text() for label in view.findChildren(QLabel) if label.isVisible()) == LEVELS.text
    assert cards(view)[0].accessibleName() == "2 levels down: airfield and barn"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_the_keyboard_begins_at_the_proposal_and_one_key_takes_it(view, qtbot, key):
    view.lead_keyboard()
    card = view.focusWidget()
    assert card is cards(view)[0]
    with qtbot.waitSignal(view.chosen) as chosen:
        qtbot.keyClick(card, key)
    assert chosen.args == [LEVELS.choices[0]]


def test_tab_goes_from_answer_to_answer_and_then_to_the_buttons(view):
    view.lead_keyboard()
    names = []
    for _ in range(5):
        widget = view.focusWidget()
        names.append(widget.accessibleName() or widget.text())
        view.focusNextChild()
    assert names == [
        "2 levels down: airfield and barn (suggested)",
        "1 level down: a and b",
        "Choose another folder…",
        "Choose archive…",
        "Cancel",
    ]


def test_a_click_anywhere_on_a_card_answers(view, qtbot):
    card = cards(view)[1]
    for place in (card.rect().center(), card.rect().topLeft() + QPoint(20, 20)):
        hit = view.childAt(card.mapTo(view, place))
        assert hit is card
        with qtbot.waitSignal(view.chosen) as chosen:
            qtbot.mouseClick(hit, Qt.MouseButton.LeftButton, pos=place)
        assert chosen.args[0].answers == ONE


def test_escape_and_cancel_leave_the_question(view, qtbot):
    view.lead_keyboard()
    with qtbot.waitSignal(view.left):
        qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Escape)
    leave = next(found for found in view.findChildren(QPushButton) if found.text() == "Cancel")
    with qtbot.waitSignal(view.left):
        leave.click()


def test_six_pictures_are_asked_for_and_drawn_when_they_arrive(view, service, qtbot):
    (row,) = (row for row in view.findChildren(ThumbnailRow) if row.isVisible())
    row.resize(row.sizeHint())
    row.grab()
    qtbot.waitUntil(lambda: bool(service.called("request_thumbnails")))
    asked = [path for (paths,) in service.called("request_thumbnails") for path in paths]
    assert set(asked) == set(PICTURES[:6])
    before = row.grab().toImage()
    red = np.full((40, 60, 3), (200, 0, 0), np.uint8)
    service.thumbnail_ready.emit(PictureThumbnail(PICTURES[0], red))
    after = row.grab().toImage()
    assert before != after
    place = row.rect().topLeft() + QPoint(28, 28)
    assert after.pixelColor(place * after.devicePixelRatio()).red() == 200


def test_long_names_do_not_make_the_page_wider_and_are_whole_in_the_tooltip(view):
    name = "n" * 400
    long = replace(LEVELS, choices=(Choice(name, "--x", Answers(), "d " * 200, (Path("a"),)),))
    view.show_question(long)
    (card,) = cards(view)
    assert card.minimumSizeHint().width() < 500
    assert name in card.toolTip()
    assert card.accessibleName().startswith(name)
    assert all(len(label.text()) < 400 for label in card.findChildren(QLabel))


def test_many_answers_scroll_and_the_keyboard_stays_in_sight(view, qtbot):
    many = replace(LEVELS, choices=tuple(Choice(f"Level {n}", f"--{n}", Answers()) for n in range(40)))
    view.show_question(many)
    area = view.parentWidget().parentWidget()
    last = cards(view)[-1]
    qtbot.waitUntil(lambda: last.y() > area.height())
    last.setFocus()
    place = last.mapTo(area.viewport(), last.rect().center())
    assert area.viewport().rect().contains(place)


def test_another_question_replaces_the_first(view):
    view.show_question(replace(LEVELS, text="And this?", choices=LEVELS.choices[1:]))
    assert len(cards(view)) == 1
