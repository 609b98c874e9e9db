from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.ui.common.thumbnails import Thumbnails
from desktop_app.ui.training.questions.choice_card import ChoiceCard
from desktop_app.ui.training.questions.open_questions import OpenQuestions
from tests.ui.fake_training import FakeTraining
from tests.ui.training.questions.questions import GROUPS, LEVELS


@pytest.fixture
def questions(qtbot, light):
    result = OpenQuestions(Thumbnails(FakeTraining()))
    qtbot.addWidget(result)
    result.resize(600, 500)
    return result


def texts(questions):
    return [label.text() for label in questions.findChildren(QLabel) if label.isVisible()]


def test_nothing_open_is_nothing_shown(questions):
    questions.show_questions(())
    assert questions.isHidden()


def test_an_open_question_says_how_the_data_are_read_meanwhile(questions, qtbot):
    questions.show_questions((GROUPS,))
    assert questions.isVisible()
    assert {GROUPS.text, GROUPS.reason, GROUPS.standing} <= set(texts(questions))
    with qtbot.waitSignal(questions.chosen) as chosen:
        questions.findChildren(ChoiceCard)[1].click()
    assert chosen.args == [GROUPS.choices[1]]


def test_what_must_be_answered_comes_first_and_has_the_keyboard(questions):
    must = replace(LEVELS, required=True)
    questions.show_questions((GROUPS, must))
    said = texts(questions)
    assert said.index(must.text) < said.index(GROUPS.text)
    questions.lead_keyboard()
    assert questions.focusWidget().choice == must.choices[0]
    questions.show_questions(())
    assert questions.isHidden()


def test_many_answers_to_a_question_that_may_wait_are_shown_on_request(questions):
    many = replace(GROUPS, choices=GROUPS.choices * 3)
    questions.show_questions((many,))
    cards = questions.findChildren(ChoiceCard)
    assert [card.isVisible() for card in cards] == [True] * 3 + [False] * 3
    next(found for found in questions.findChildren(QPushButton) if "3 other" in found.text()).click()
    assert all(card.isVisible() for card in cards)
    assert questions.focusWidget() is cards[3]
    questions.show_questions((replace(many, required=True),))
    assert all(card.isVisible() for card in questions.findChildren(ChoiceCard) if card not in cards)
