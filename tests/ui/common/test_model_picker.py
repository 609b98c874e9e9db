from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.ui.common.model_picker import ModelPicker
from desktop_app.workers.classify.messages import ModelEntry
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


LONG = "A very long name of a model that somebody has typed in to try things"


def test_a_long_name_is_shortened_with_an_ellipsis_and_told_whole(picker, light):
    picker.show_entries([entry(), entry("long", LONG)])
    picker.show_current("long")
    picker.show()
    for width in (picker.minimumSizeHint().width(), picker.sizeHint().width()):
        picker.resize(width, picker.sizeHint().height())
        shown = picker.shown_text()
        assert shown.endswith("…")
        assert LONG.startswith(shown[:-1])
    assert len(shown) > 20
    assert LONG in picker.toolTip()
    assert LONG in picker.itemData(1, Qt.ItemDataRole.ToolTipRole)


def test_a_name_of_usual_length_has_its_room(picker, light):
    name = "cats_dogs, Row-reading RNN"
    picker.show_entries([entry("cats-dogs-cnn", name)])
    picker.show_current("cats-dogs-cnn")
    assert picker.sizeHint().width() > picker.minimumSizeHint().width()
    picker.resize(picker.sizeHint())
    assert picker.shown_text() == name
    picker.resize(picker.minimumSizeHint())
    assert picker.shown_text().endswith("…")
