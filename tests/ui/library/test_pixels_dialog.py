"""The question which pixel values a model wants."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from desktop_app.core.library.pixel_choices import BY_NAME, Clue, ranked
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.library.pixels_dialog import PixelsDialog
from desktop_app.workers.library.pixels_question import PixelsQuestion

CLUE = Clue("vgg19", BY_NAME, "It is built like ResNet ('resnet50').")


def question(*clues, answers=(("cat", 0.91), ("dog", 0.4)), missing=()):
    choices = ranked(3, clues)
    pictures = tuple((f"{number}.jpg", np.zeros((40, 30, 3), np.uint8)) for number in range(2))
    found = {choice.preprocessing: answers for choice in choices if choice.preprocessing not in missing}
    return PixelsQuestion(Path("/m/a.keras"), None, ("cat", "dog"), choices, pictures, found)


@pytest.fixture
def show(qtbot):
    def make(asked):
        dialog = PixelsDialog(asked)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def words(dialog):
    return [each.text() for kind in (QLabel, ElidedLabel) for each in dialog.findChildren(kind)]


def test_without_a_clue_nothing_is_chosen_for_the_user(show):
    dialog = show(question())
    assert dialog.chosen() is None
    assert not dialog._ok.isEnabled()
    dialog._radios["unit"].click()
    assert dialog.chosen() == "unit"
    assert dialog._ok.isEnabled()


def test_the_likeliest_comes_first_with_its_reason(show):
    dialog = show(question(CLUE))
    assert next(iter(dialog._radios)) == dialog.chosen() == "vgg19"
    assert "most likely" in dialog._radios["vgg19"].text()
    assert CLUE.reason in words(dialog)


def test_each_choice_shows_its_answers(show):
    dialog = show(question(missing=("none",)))
    assert words(dialog).count("cat") == words(dialog).count("91.0%") == 6
    assert "gives no numbers" in words(dialog)


def test_other_pictures_change_the_answers_and_not_the_choice(show):
    dialog = show(question(CLUE))
    dialog._radios["symmetric"].click()
    dialog.show_question(question(CLUE, answers=(("fox", 0.5),)))
    assert dialog.chosen() == "symmetric"
    assert len(dialog._radios) == len(dialog._group.buttons()) == 7
    assert "fox" in words(dialog)
