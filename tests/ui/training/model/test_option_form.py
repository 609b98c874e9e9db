import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core.training.settings.options import OPTIONS
from desktop_app.ui.training.model.option_form import OptionForm
from desktop_app.ui.training.model.option_needs import idle_reasons


@pytest.fixture
def make(qtbot, light):
    def make(*keys):
        result = OptionForm("Settings", [OPTIONS[key] for key in keys])
        qtbot.addWidget(result)
        result.show()
        return result

    return make


def test_every_option_comes_back_as_it_was_set(make):
    form = make(*OPTIONS)
    wanted = {key: option.default for key, option in OPTIONS.items()}
    form.set_values(wanted)
    assert form.values == wanted
    for key, value in form.values.items():
        OPTIONS[key].check(value)


def test_many_values_are_told_as_one_change(make, qtbot):
    form = make("epochs", "optimizer", "flip", "zoom")
    told = []
    form.values_changed.connect(lambda: told.append(form.values))
    changes = {"epochs": 7, "optimizer": "sgd", "flip": True, "zoom": 0.25, "seed": 3}
    form.set_values(changes)
    form.set_values(changes)
    assert told == [{"epochs": 7, "optimizer": "sgd", "flip": True, "zoom": 0.25}]


def test_slider_and_number_follow_each_other(make):
    form = make("rotation")
    row = form.row("rotation")
    row._slider.setValue(50)
    assert row.value == 90
    row._box.setValue(12.34)
    assert row.value == 12.34
    assert row._slider.value() == 7


def test_a_number_between_two_steps_of_the_slider_is_told_once_and_kept(make):
    form = make("zoom")
    told = []
    form.values_changed.connect(lambda: told.append(form.values["zoom"]))
    form.row("zoom")._box.setValue(0.123)
    assert told == [0.123]


def test_the_wheel_scrolls_past_all_editors(make):
    form = make("epochs", "optimizer", "zoom")
    form.set_values({"epochs": 5, "optimizer": "adam", "zoom": 0.1})
    before = form.values
    for editor in form.findChildren(QWidget):
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(editor, event)
    assert form.values == before


def test_the_keyboard_changes_each_kind(make, qtbot):
    form = make("epochs", "flip", "optimizer", "zoom")
    form.set_values({"epochs": 5, "flip": False, "optimizer": "adam", "zoom": 0.0})
    qtbot.keyClick(form.row("epochs")._box, Qt.Key.Key_Up)
    qtbot.keyClick(form.row("flip")._switch, Qt.Key.Key_Space)
    qtbot.keyClick(form.row("optimizer")._picker, Qt.Key.Key_Down)
    qtbot.keyClick(form.row("zoom")._slider, Qt.Key.Key_PageUp)
    assert form.values == {"epochs": 6, "flip": True, "optimizer": "adamw", "zoom": 0.09}


def test_a_long_choice_does_not_widen_the_form(make):
    assert make("schedule").minimumSizeHint().width() < 400


def test_what_is_out_of_range_is_kept_and_the_row_says_what_is_allowed(make, qtbot):
    form = make("epochs")
    row = form.row("epochs")
    row._box.selectAll()
    qtbot.keyClicks(row._box, "99999")
    qtbot.keyClick(row._box, Qt.Key.Key_Return)
    assert row.value == 99_999
    said = row.words._words
    assert said.text() == "Epochs must be a whole number from 1 to 10,000, not 99999."
    assert said.property("tone") == "danger"
    row.set_value(20)
    assert said.text() == OPTIONS["epochs"].explanation
    assert said.property("tone") == "muted"


def test_what_makes_no_difference_rests_and_says_why(make):
    form = make("optimizer", "momentum")
    row = form.row("momentum")
    form.set_idle({"momentum": "Adam does not use it."})
    assert not any(control.isEnabled() for control in row.controls)
    assert {control.toolTip() for control in row.controls} == {"Adam does not use it."}
    form.set_idle({})
    assert all(control.isEnabled() for control in row.controls)
    assert row.controls[0].toolTip() == "From 0 to 0.999; 0 is off"


@pytest.mark.parametrize(
    ("values", "idle"),
    [
        ({"optimizer": "adam", "momentum": 0.9}, {"momentum"}),
        ({"optimizer": "sgd", "momentum": 0.9}, set()),
        ({"optimizer": "adamw"}, set()),
        ({"fine_tune_epochs": 0, "fine_tune_learning_rate": 1e-5}, {"fine_tune_learning_rate"}),
        ({"fine_tune_epochs": 2, "fine_tune_learning_rate": 1e-5}, set()),
        ({"reshaped": 1.0, "rotation": 0.0, "zoom": 0.0}, {"reshaped"}),
        ({"reshaped": 1.0, "rotation": 5.0, "zoom": 0.0}, set()),
    ],
)
def test_what_the_other_settings_leave_without_effect(values, idle):
    assert set(idle_reasons(values)) == idle


def test_editors_of_every_kind_are_equally_wide(make):
    form = make("epochs", "optimizer", "zoom", "learning_rate", "seed")
    widths = {
        form.row(key).editor.width() for key in ("epochs", "optimizer", "zoom", "learning_rate", "seed")
    }
    assert len(widths) == 1
