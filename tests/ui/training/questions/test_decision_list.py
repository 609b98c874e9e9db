import pytest
from PySide6.QtWidgets import QPushButton

from desktop_app.core.datasets.answers import Answers
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.training.questions.decision_list import DecisionList


@pytest.fixture
def decisions(qtbot, light):
    result = DecisionList()
    qtbot.addWidget(result)
    result.resize(500, 200)
    return result


def buttons(decisions):
    return [found for found in decisions.findChildren(QPushButton) if found.isVisible()]


def test_one_line_for_each_decision_and_a_button_to_change_it(decisions, qtbot):
    decisions.show_answers(Answers(classes_at=2, folders={"seg_pred": "ignore"}))
    lines = [found.text() for found in decisions.findChildren(ElidedLabel) if found.isVisible()]
    assert lines == ["Classes are 2 levels down", "'seg_pred' is not used"]
    change = next(
        found for found in buttons(decisions) if found.accessibleName() == "Change: Classes are 2 levels down"
    )
    with qtbot.waitSignal(decisions.change_requested) as asked:
        change.click()
    assert asked.args == [Answers(folders={"seg_pred": "ignore"})]
    again = next(found for found in buttons(decisions) if found.text() == "Decide everything again")
    with qtbot.waitSignal(decisions.forget_requested):
        again.click()


def test_nothing_decided_hides_the_list_and_one_decision_needs_one_button(decisions):
    decisions.show_answers(Answers(masks=True))
    assert [found.text() for found in buttons(decisions)] == ["Change…"]
    decisions.show_answers(None)
    assert decisions.isHidden()


def test_what_follows_from_the_data_alone_has_no_button_to_change_it(decisions):
    decisions.show_answers(Answers(classes_at=2, masks=True), given=Answers(masks=True))
    assert [found.accessibleName() for found in buttons(decisions)] == ["Change: Masks are used as pictures"]


def test_what_an_open_question_is_about_is_not_decided(decisions):
    scaled = Answers(pixels={"black": 0, "white": 936})
    decisions.show_answers(scaled, {"levels"})
    assert decisions.isHidden()
    decisions.show_answers(scaled)
    assert not decisions.isHidden()
