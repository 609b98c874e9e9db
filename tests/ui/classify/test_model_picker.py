from pathlib import Path

import pytest

from desktop_app.ui.classify.model_picker import ModelPicker
from desktop_app.workers.messages import ModelEntry
from tests.ui.fakes import entry, missing_vgg19

BROKEN = ModelEntry("broken", "Broken", None, Path("/m"), problem="Its card is missing.")


@pytest.fixture
def picker(qtbot):
    result = ModelPicker()
    qtbot.addWidget(result)
    result.show_entries([entry(), missing_vgg19(), BROKEN])
    result.show_current("everyday")
    return result


def test_what_stands_in_the_way_is_in_the_name(picker):
    assert [picker.itemText(row) for row in range(picker.count())] == [
        "Everyday",
        "VGG19 (download 575 MB)",
        "Broken (cannot be used)",
    ]
    assert not picker.model().item(2).isEnabled()
    assert picker.model().item(1).isEnabled()


def test_choosing_the_missing_model_leaves_the_choice_as_it_was(picker, qtbot):
    with qtbot.waitSignal(picker.missing_chosen) as told, qtbot.assertNotEmitted(picker.model_chosen):
        picker.setCurrentIndex(1)
        picker.activated.emit(1)
    assert told.args == ["vgg19"]
    assert picker.currentData() == "everyday"


def test_choosing_again_what_is_chosen_does_nothing(picker, qtbot):
    with qtbot.assertNotEmitted(picker.model_chosen):
        picker.activated.emit(0)


def test_the_choice_survives_a_new_list(picker, qtbot):
    flowers = entry("flowers", "Flowers", origin="imported")
    picker.show_entries([entry(), missing_vgg19(), flowers])
    with qtbot.waitSignal(picker.model_chosen) as told:
        picker.activated.emit(2)
    assert told.args == ["flowers"]
    picker.show_entries([entry(), flowers])
    assert picker.currentData() == "flowers"


def test_a_model_that_is_not_listed_yet_is_shown_once_it_is(picker):
    picker.show_current("flowers")
    assert picker.currentIndex() == -1
    picker.show_entries([entry(), entry("flowers", "Flowers")])
    assert picker.currentData() == "flowers"
