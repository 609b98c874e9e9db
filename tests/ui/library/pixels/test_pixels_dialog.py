"""The question how a model gets its pictures."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QRadioButton

from desktop_app.core.library.fit_choices import TORCH
from desktop_app.core.library.pixel_choices import BY_NAME, Clue
from desktop_app.core.trial.messages import TrialAnswers, TrialInput
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.library.pixels.pixels_dialog import PixelsDialog
from desktop_app.workers.library.pixels_question import PixelsQuestion
from desktop_app.workers.library.trials import TrialPictures
from tests.tiny_model import colour_card

CLUE = Clue("vgg19", BY_NAME, "It is built like ResNet ('resnet50').")
FOUND = Clue("symmetric", 8, "With these, photos look like its own.")
GREY = (0.299, 0.587, 0.114)
PICTURES = TrialPictures(tuple((f"{number}.jpg", np.zeros((40, 30, 3), np.uint8)) for number in range(2)))


def given(pixels="none", **changes):
    values = {"fit": "squash", "crop_share": 1.0, "resample": "bicubic", "grey": GREY}
    return TrialInput(pixels, **values | changes)


def question(*clues, channels=3, task="classification", **more):
    spec = colour_card().input.model_dump() | {"channels": channels}
    changes = {"classes": []} if task == "embedding" else {}
    card = colour_card().changed(input=spec, task=task, **changes)
    return PixelsQuestion(Path("/m/a.keras"), card, clues, **more)


@pytest.fixture
def show(qtbot):
    """`show(question)` opens the dialog; what it asks for is in its `asked`."""

    def make(asked):
        dialog = PixelsDialog(asked)
        dialog.asked = []
        dialog.trial_requested.connect(dialog.asked.append)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.begin()
        dialog.show_pictures(PICTURES)
        return dialog

    return make


def words(dialog):
    found = [each for kind in (QLabel, ElidedLabel) for each in dialog.findChildren(kind)]
    return [each.text() for each in found if each.isVisible()]


def rows(dialog):
    return [row.preprocessing for row in dialog._rows]


def pixels_asked(dialog, number=-1):
    return [way.preprocessing for way in dialog.asked[number].ways]


def test_without_a_clue_nothing_is_chosen_for_the_user(show):
    dialog = show(question())
    assert dialog.chosen() is None
    assert not dialog._ok.isEnabled()
    dialog.choose("unit")
    assert dialog.chosen() == given("unit")
    assert dialog._ok.isEnabled()


def test_the_likeliest_comes_first_with_its_reason_and_most_stay_folded(show):
    dialog = show(question(CLUE))
    assert rows(dialog)[0] == dialog.chosen().preprocessing == "vgg19"
    assert "most likely" in dialog._rows[0].radio.text()
    assert CLUE.reason in words(dialog)
    visible = [radio for radio in dialog.findChildren(QRadioButton) if radio.isVisible()]
    assert len(visible) == 4
    assert dialog._unfold.text() == "4 more choices"
    assert (pixels_asked(dialog, 0)[0], dialog.asked[0].leading) == ("vgg19", "vgg19")
    assert len(dialog.asked[0].ways) == 3
    dialog._unfold.click()
    assert len([radio for radio in dialog.findChildren(QRadioButton) if radio.isVisible()]) == 8
    assert len(pixels_asked(dialog)) == 7


def test_each_choice_shows_its_answers_as_they_come(show):
    dialog = show(question(CLUE))
    assert words(dialog).count("…") == 6
    dialog.show_answers(TrialAnswers(given("vgg19"), ((0, 0.91), (2, 0.4))))
    assert [text for text in words(dialog) if text in {"red", "blue", "91.0%", "40.0%"}] != []
    assert words(dialog).count("…") == 4
    dialog.show_answers(TrialAnswers(given(rows(dialog)[1]), None))
    assert words(dialog).count("no numbers") == 2
    assert dialog._state.text() == "Trying the pictures…"
    dialog.end_trial()
    assert "own classes" in dialog._state.text()


def test_what_the_network_says_puts_the_choices_in_order_again(show):
    dialog = show(question(CLUE))
    dialog.show_clue(FOUND)
    assert rows(dialog)[0] == dialog.chosen().preprocessing == "symmetric"
    assert FOUND.reason in words(dialog)


def test_what_the_user_chose_stays_chosen(show):
    dialog = show(question(CLUE))
    dialog._rows[1].radio.click()
    mine = dialog.chosen()
    dialog.show_clue(FOUND)
    assert rows(dialog)[0] == "symmetric"
    assert dialog.chosen() == mine
    assert len(dialog._group.buttons()) == 8


def test_other_values_are_checked_as_they_are_typed_and_tried(show, qtbot):
    dialog = show(question(CLUE))
    field = dialog._other._field
    assert not field.isVisible()
    dialog._other.radio.click()
    qtbot.keyClicks(field, "scale=1/25")
    assert dialog.chosen().preprocessing == "scale=0.04 offset=0.0"
    qtbot.keyClicks(field, "5 offset=")
    assert dialog._other.radio.isChecked()
    assert not dialog._ok.isEnabled()
    assert "not of the form" in dialog._other._verdict.text()
    qtbot.keyClicks(field, "-0.5 order=bgr")
    qtbot.waitUntil(lambda: dialog.asked[-1].ways[0].preprocessing.startswith("scale=0.0039"), timeout=60_000)
    way = dialog.asked[-1].ways[0]
    assert way.preprocessing.endswith("offset=-0.5 order=bgr")
    dialog.show_answers(TrialAnswers(way, ((1, 0.7), (1, 0.6))))
    assert {"green", "70.0%", "60.0%"} <= set(words(dialog))
    field.clear()
    qtbot.keyClicks(field, "scale=1/255")
    assert dialog.chosen().preprocessing == "unit"  # which has a name


def test_grey_networks_take_no_order(show):
    dialog = show(question(channels=1))
    assert rows(dialog) == ["unit", "none", "symmetric"] or set(rows(dialog)) == {"unit", "none", "symmetric"}
    dialog.choose("scale=2 order=bgr")
    assert dialog.chosen() is None
    assert "grey pictures" in dialog._other._verdict.text()


def test_grey_shares_are_asked_for_grey_networks_alone(show, qtbot):
    assert not show(question())._form._grey.isVisible()
    dialog = show(question(CLUE, channels=1))
    dialog.choose("unit")
    form = dialog._form
    assert form._grey.isVisible()
    form._grey.setCurrentIndex(1)
    assert dialog.chosen().grey == pytest.approx((1 / 3,) * 3)
    form._grey.setCurrentIndex(3)
    form._shares.clear()
    qtbot.keyClicks(form._shares, "0.5, 0.5")
    assert dialog.chosen() is None
    assert not dialog._ok.isEnabled()
    qtbot.keyClicks(form._shares, ", 0")
    assert dialog.chosen().grey == (0.5, 0.5, 0.0)


def test_another_fit_is_tried_with_all_choices_and_the_old_answers_are_kept(show):
    dialog = show(question(CLUE))
    dialog.show_answers(TrialAnswers(given("vgg19"), ((0, 0.91), (2, 0.4))))
    way, before = dialog._form._way, dialog._form._way.currentIndex()
    way.setCurrentIndex([way.itemText(number) for number in range(way.count())].index(TORCH.words))
    assert dialog.chosen() == given("vgg19", fit="crop", crop_share=0.875, resample="bilinear")
    assert {each.fit for each in dialog.asked[-1].ways} == {"crop"}
    assert "91.0%" not in words(dialog)
    way.setCurrentIndex(before)
    assert "91.0%" in words(dialog)


def test_any_fit_can_be_put_together(show, qtbot):
    dialog = show(question(CLUE))
    form = dialog._form
    assert not form._share.isVisible()
    form._way.setCurrentIndex(form._way.count() - 1)
    form._fit.setCurrentIndex(1)
    assert form._share.isVisible()
    form._share.setValue(60)
    form._resample.setCurrentIndex(3)
    chosen = dialog.chosen()
    assert (chosen.fit, chosen.crop_share, chosen.resample) == ("crop", 0.6, "lanczos")
    form._fit.setCurrentIndex(0)
    assert dialog.chosen().crop_share == 1.0
    assert not form._share.isVisible()


def test_other_pictures_are_tried(show, monkeypatch):
    dialog = show(question(CLUE))
    monkeypatch.setattr(FileDialog, "open_files", lambda *_: ([f"/p/{n}.jpg" for n in range(9)], ""))
    dialog.show_answers(TrialAnswers(given("vgg19"), ((0, 0.91), (2, 0.4))))
    dialog._try.click()
    assert dialog.asked[-1].pictures == tuple(Path(f"/p/{number}.jpg") for number in range(5))
    assert "91.0%" not in words(dialog)
    dialog.end_trial("0.jpg cannot be read.")
    assert dialog._state.text() == "0.jpg cannot be read."
    assert dialog._state.property("tone") == "danger"
    assert "…" not in words(dialog)


def test_an_installed_model_keeps_what_it_has_until_another_is_chosen(show):
    dialog = show(question(CLUE, model_id="colours"))
    assert dialog.chosen().preprocessing == "none"
    assert dialog._ok.text() == "Save"
    dialog.show_clue(FOUND)
    assert dialog.chosen().preprocessing == "none"


def test_an_installed_model_with_values_of_its_own(show):
    own = colour_card().input.model_dump() | {
        "preprocessing": "scale=0.5", "fit": "crop", "crop_share": 0.5, "resample": "lanczos",
    }  # fmt: skip
    asked = PixelsQuestion(Path("/m/a.keras"), colour_card().changed(input=own), model_id="colours")
    dialog = show(asked)
    assert dialog.chosen() == given("scale=0.5 offset=0.0", fit="crop", crop_share=0.5, resample="lanczos")
    assert dialog._form._way.currentText() == "Centre only, lanczos, 50%"


def test_features_have_no_answers_to_go_by(show):
    dialog = show(question(CLUE, task="embedding"))
    assert dialog.asked == []
    assert not dialog._try.isVisible()
    assert dialog.chosen().preprocessing == "vgg19"
