"""Where the keyboard is on the Train pane, and where it goes."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop_app.core.foundation.errors import Reason
from tests.ui.fake_training import report, started, training_result


def opened(pane):
    return [number for number, section in enumerate(pane._sections, start=1) if section.is_open]


def test_after_a_failure_the_keyboard_and_the_eye_are_where_it_is_told(ready, service):
    ready.resize(700, 420)
    ready._run.start_requested.emit()
    service.event_arrived.emit(started())
    service.end_epoch(1)
    ready._run.lead_keyboard()
    service.end(training_result("failed", reason=Reason("The disk is full.")))
    QCoreApplication.processEvents()
    assert ready.focusWidget() is ready._run._start
    end = ready._run._end
    place = end.mapTo(ready._scroll.viewport(), end.rect().center())
    assert ready._scroll.viewport().rect().contains(place)


def test_tab_goes_through_the_second_step_in_the_order_in_which_it_is_read(ready, qtbot):
    ready._advance_to(0)
    ready._model._form._toggle.click()
    ready._model._grid._cards["two-block-cnn"].click()
    ready._model._grid._cards["two-block-cnn"].setFocus()
    seen = []
    for _ in range(80):
        seen.append(ready.focusWidget())
        ready.focusNextChild()
    names = [widget.accessibleName() or widget.text() for widget in seen]
    wanted = [
        *("Small CNN", "Picture size", "Epochs", "Batch size", "Learning rate", "Name of the model"),
        *("Advanced settings", "Reset to defaults", "Mirror", "Zoom", "Shuffle", "Optimiser", "Seed"),
        *("TensorBoard logs", "Go to training", "Step 3, Train"),
    ]
    places = [names.index(name) for name in wanted]
    assert places == sorted(places)


def test_tab_goes_from_step_to_step(ready, qtbot):
    ready._sections[1].set_open(True)
    ready._sections[0].header.setFocus()
    names = []
    for _ in range(60):
        widget = ready.focusWidget()
        names.append(widget.accessibleName() or widget.text())
        ready.focusNextChild()
    wanted = [
        *("Step 1, Data, done", "Choose other data…", "Classes", "Files that need attention"),
        *("Validation", "Choose a model", "Step 2, Model, done", "Pretrained network", "Starts from"),
        *("Go to training", "Step 3, Train"),
    ]
    places = [names.index(name) for name in wanted]
    assert places == sorted(places)


@pytest.fixture
def beside(qtbot, pane):
    """The pane's window, and in it another control, which gets the keyboard that nobody else takes."""
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addWidget(pane)
    other = QPushButton("Other")
    layout.addWidget(other)
    window.resize(820, 600)
    window.show()
    pane.setFocus()
    return window, other


def test_the_keyboard_is_led_from_the_data_to_the_use_of_the_model(pane, service, beside, qtbot):
    window, _other = beside
    pane._data._invitation.findChild(QPushButton).setFocus()
    service.scan_started.emit(Path("/data/pets"))
    service.end_scan(report(count=100))
    assert window.focusWidget() is pane._data._report._next
    pane._advance_to(0)
    pane._advance_to(1)
    assert window.focusWidget() is pane._run._start
    qtbot.keyClick(pane._run._start, Qt.Key.Key_Space)
    assert window.focusWidget() is pane._run._strip._pause
    service.event_arrived.emit(started())
    assert window.focusWidget() is pane._run._strip._pause
    pane._run._strip._stop.setFocus()
    service.end()
    assert window.focusWidget() is pane._use._use


def test_a_keyboard_that_is_elsewhere_stays_there(pane, service, beside):
    window, other = beside
    other.setFocus()
    service.end_scan(report(count=100))
    service.begin()
    service.end()
    assert window.focusWidget() is other


def test_next_leads_the_keyboard_to_what_comes_first_in_the_step(ready, service):
    ready._advance_to(0)
    assert ready.focusWidget() is ready._model._grid._cards["pretrained"]
    ready._advance_to(1)
    assert ready.focusWidget() is ready._run._start


def test_the_tab_key_stops_at_the_chosen_network_alone(ready, service):
    ready._advance_to(0)
    ready._sections[1].header.setFocus()
    ready.focusNextChild()
    assert ready.focusWidget() is ready._model._grid._cards["pretrained"]
    ready.focusNextChild()
    assert ready.focusWidget().accessibleName() == "Starts from"
    ready._model._next.setFocus()
    ready.focusNextChild()
    assert ready.focusWidget() is ready._sections[2].header


def test_enter_presses_the_button_that_has_the_keyboard(ready, qtbot):
    ready._data._report._next.setFocus()
    qtbot.keyClick(ready.focusWidget(), Qt.Key.Key_Return)
    assert opened(ready) == [2]
