"""Answers in the Classify pane that are labels, amounts or features."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.library.installed_model import InstalledModel
from desktop_app.ui.classify.answer_page import SHOWN, AnswerPage
from desktop_app.ui.classify.copying import result_text
from desktop_app.ui.common.model_picker import ModelPicker
from desktop_app.workers.classify.messages import Answer, ItemState
from tests.meanings import AMOUNTS, FEATURES, LABELS, MeansNetwork, card_of, plain
from tests.ui.fakes import TENSORFLOW, entry

RED_AND_BLUE = plain(250, 0, 120)


def answer(changes, picture=RED_AND_BLUE):
    prediction = Classifier(card_of(changes), MeansNetwork()).predict([picture])[0]
    return Answer("colours", "Colours", TENSORFLOW, 0.3, prediction)


@pytest.fixture
def page(qtbot, light):
    result = AnswerPage()
    qtbot.addWidget(result)
    result.resize(360, 500)
    result.show()
    return result


def bars(page):
    return [bar for bar in page._bars if bar.isVisible()]


def test_each_label_has_a_bar_with_its_threshold(page):
    page.show_answer(answer(LABELS))
    assert page._headline.text() == "red, blue"
    assert not page._doubt.isVisible()
    assert [bar.accessibleName() for bar in bars(page)] == [
        "1: red, 98.0%, right: its threshold is 50.0%",
        "2: blue, 86.7%, right: its threshold is 50.0%",
        "3: green, 50.0%, not right: its threshold is 90.0%",
    ]
    assert [bar._leads for bar in bars(page)] == [True, True, False]


def test_the_mark_of_a_threshold_is_on_the_bar(page):
    page.show_answer(answer(LABELS))
    bar = bars(page)[2]  # green: the bar ends at one half, its mark is at nine tenths
    image = bar.grab().toImage()
    ratio = image.width() / bar.width()
    row = image.height() - round(ratio * 8)
    at = {share: image.pixelColor(round(image.width() * share), row).lightness() for share in (0.7, 0.9025)}
    assert at[0.9025] < at[0.7] - 100


def test_what_is_near_a_threshold_is_said(page):
    page.show_answer(answer(LABELS, plain(250, 0, 0)))
    assert page._headline.text() == "red, blue?"
    assert page._doubt.text() == "Not sure: blue (50.0%) is near its threshold."


def test_no_label_is_said(page):
    page.show_answer(answer(LABELS | {"thresholds": (0.99, 0.99, 0.99)}, plain(100, 0, 0)))
    assert page._headline.text() == "No label"


def test_more_than_five_labels_are_shown_on_request(page):
    names = [f"label {number}" for number in range(9)]
    changes = {
        "task": "multi-label",
        "classes": [{"class_id": name, "label": name} for name in names],
        "thresholds": (),
    }

    class Nine(MeansNetwork):
        outputs = 9

        def run(self, pixels):
            return [super().run(pixels)[0][:, [0, 1, 2] * 3]]

    prediction = Classifier(card_of(changes), Nine()).predict([RED_AND_BLUE])[0]
    page.show_answer(Answer("nine", "Nine", TENSORFLOW, 0.3, prediction))
    assert len(bars(page)) == len(prediction.right) == 9  # a logit of zero is one half
    page.show_answer(Answer("nine", "Nine", TENSORFLOW, 0.3, prediction.looked_at(1, "", "", False)))
    low = Classifier(card_of(changes | {"thresholds": (0.99,) * 9}), Nine()).predict([RED_AND_BLUE])[0]
    page.show_answer(Answer("nine", "Nine", TENSORFLOW, 0.3, low))
    assert (len(bars(page)), page._more.text()) == (SHOWN, "Show all 9 labels")
    page._more.click()
    assert (len(bars(page)), page._more.text()) == (9, "Show fewer labels")


def test_amounts_are_numbers_with_their_units(page):
    page.show_answer(answer(AMOUNTS))
    assert (page._headline.text(), page._kind.text()) == ("3.906 EUR", "red")
    assert bars(page) == []
    rows = [(name.text(), figure.text()) for name, figure in page._amounts._rows]
    assert rows == [("green", "0"), ("blue", "1.875 kg")]
    page.show_answer(answer({"outputs": "logits"}))  # and classes again
    assert len(bars(page)) == 3
    assert not page._amounts.isVisible()
    assert not page._thresholds.isVisible()


def test_the_clipboard_gets_what_is_right_and_all_numbers(session):
    session.add_files("a.png")
    session.change(1, state=ItemState.ANSWERED, answer=answer(LABELS))
    assert result_text(session.item(1)) == "red, blue\nred 98.0%\nblue 86.7%\ngreen 50.0%"
    session.change(1, answer=answer(AMOUNTS))
    assert result_text(session.item(1)) == "red 3.906 EUR\ngreen 0\nblue 1.875 kg"


def test_new_thresholds_classify_the_picture_on_the_screen_again(pane, session, library, monkeypatch):
    library.entries = (InstalledModel("colours", "Colours", card_of(LABELS), Path("/m")),)
    session.add_files("a.png")
    session.change(1, state=ItemState.ANSWERED, answer=answer(LABELS))

    def move(dialog):
        dialog.set_threshold(0, 0.2)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr("desktop_app.ui.library.thresholds_dialog.ThresholdsDialog.exec", move)
    pane._work._panel._answer._thresholds.click()
    assert session.called("answer_again") == []
    library.model_forgotten.emit("colours")
    library.model_forgotten.emit("colours")
    assert session.called("answer_again") == [(1,)]


def test_a_model_for_features_cannot_be_chosen_to_classify(qtbot):
    picker = ModelPicker()
    qtbot.addWidget(picker)
    picker.show_entries([entry(), InstalledModel("f", "Mine", card_of(FEATURES), Path("/m"))])
    assert picker.itemText(1) == "Mine (features)"
    assert [picker.model().item(row).isEnabled() for row in (0, 1)] == [True, False]
