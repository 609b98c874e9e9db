"""Exports beside the rest of the window: the status bar, the end, and the end of the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton

from desktop_app.ui.export.export_dialog import ExportDialog
from desktop_app.workers.export.messages import ExportPhase
from tests.ui.fake_exports import report
from tests.ui.fake_training import run, training_result
from tests.ui.fakes import entry, missing_vgg19
from tests.ui.panes import open_pane


def press(root, name):
    (found,) = [
        button
        for button in root.findChildren(QPushButton)
        if name in {button.text(), button.accessibleName()}
    ]
    found.click()


def dialog_of(window):
    (found,) = [dialog for dialog in window.findChildren(ExportDialog) if dialog.isVisible()]
    return found


@pytest.fixture
def opened(window):
    """The window with the dialog of Everyday."""
    open_pane(window, "Models")._cards["everyday"].export_requested.emit("everyday")
    return window


@pytest.fixture
def button(window):
    """What the status bar shows of an export."""
    return window._status._export


def test_a_card_opens_the_dialog_beside_the_window(window, exports):
    press(open_pane(window, "Models")._cards["everyday"], "Export Everyday")
    assert dialog_of(window).model_id == "everyday"
    assert not dialog_of(window).isModal()
    assert exports.called("ask") == [("everyday",)]


def test_a_run_and_a_result_open_it_too(window, training, library):
    library.change(entry(), missing_vgg19(), entry("pets", "Pets", origin="trained"))
    runs = open_pane(window, "Runs")
    training.change_runs(run("r1", model_id="pets"))
    runs._actions.export.trigger()
    assert dialog_of(window).model_id == "pets"
    dialog_of(window).close()
    train = window.show_train_pane()
    train._use.show_result(training_result())
    library.change(entry(), entry(training_result().model_id, "New", origin="trained"))
    train._use._export.click()
    assert dialog_of(window).model_id == training_result().model_id


def test_a_run_without_a_model_has_nothing_to_export(window, training):
    runs = open_pane(window, "Runs")
    training.change_runs(run("r1", state="interrupted", model_id=None))
    assert not runs._actions.export.isVisible()


def test_a_model_that_is_not_listed_yet_is_looked_for(window, library):
    window._later.export("pets")
    assert library.called("refresh") == [()]
    library.change(entry(), entry("pets", "Pets", origin="trained"))
    assert dialog_of(window).model_id == "pets"


def test_a_model_that_is_gone_is_said(window, library):
    window._later.export("pets")
    library.change(entry())
    assert window._status.text() == "The model pets is no longer in the library."


def test_the_export_goes_on_without_its_dialog(opened, exports, button):
    exports.begin()
    dialog_of(opened).close()
    assert exports.running
    assert exports.called("cancel") == []
    exports.tell("Asking OpenVINO…", 8, 32)
    assert button.isVisible()
    assert button.text() == "Export 25%"
    assert button.accessibleName() == "Exporting Everyday: Asking OpenVINO…"
    button.click()
    assert dialog_of(opened)._counted.text() == "8 of 32 pictures compared"


def test_an_end_that_was_not_seen_waits_in_the_status_bar(opened, exports, button):
    exports.begin()
    dialog_of(opened).close()
    exports.fail("The disk is full.")
    assert button.text() == "Export failed"
    button.click()
    assert dialog_of(opened)._notice.text() == "The disk is full."
    assert not button.isVisible()
    dialog_of(opened).close()
    assert exports.status is None


def test_an_end_that_was_seen_is_not_told_again(opened, exports, button, notifier):
    exports.begin()
    exports.become(ExportPhase.DONE, report=report())
    assert not button.isVisible()
    assert notifier.told == []


def test_somebody_who_is_elsewhere_is_told(opened, exports, button, notifier, monkeypatch):
    monkeypatch.setattr(opened, "isActiveWindow", lambda: False)
    exports.begin(precision="int8")
    dialog_of(opened).close()
    exports.become(ExportPhase.ASKING, report=report("int8"))
    assert notifier.told == [("Export", "Everyday is ready as int8: look at what it loses.")]
    assert button.text() == "Keep the export?"


def test_the_dialog_of_another_model_replaces_it(opened, library, exports):
    library.change(entry(), entry("pets", "Pets", origin="trained"))
    exports.begin()
    opened._later.export("pets")
    assert dialog_of(opened).model_id == "pets"
    assert exports.running


def test_a_removed_model_s_export_can_still_be_seen(opened, library, exports, button):
    exports.begin()
    dialog_of(opened).close()
    library.change(missing_vgg19())
    button.click()
    assert dialog_of(opened).model_id == "everyday"


# The end of the window


def question(window):
    return next((box for box in window.findChildren(QMessageBox) if box.isVisible()), None)


def test_closing_asks_about_an_export(opened, exports, qtbot):
    exports.begin()
    opened.close()
    assert question(opened).text() == "End the export of Everyday?"
    opened.close()
    assert len(opened.findChildren(QMessageBox)) == 1
    qtbot.keyClick(question(opened), Qt.Key.Key_Escape)
    assert opened.isVisible()
    assert exports.called("shutdown") == []


def test_it_ends_with_the_window_if_that_is_wanted(opened, exports, qtbot):
    exports.begin()
    opened.close()
    with qtbot.waitSignal(opened.closed):
        press(question(opened), "End it and close")
    assert exports.called("shutdown")


def test_an_export_that_ends_meanwhile_takes_the_question_with_it(opened, exports):
    exports.begin()
    opened.close()
    exports.become(ExportPhase.DONE, report=report())
    assert question(opened) is None
    assert opened.isVisible()


def test_one_question_is_enough_for_a_training_and_an_export(opened, exports, training, qtbot):
    exports.begin()
    training.begin()
    opened.close()
    assert "The export that runs would end" in question(opened).informativeText()
    exports.become(ExportPhase.DONE, report=report())
    assert question(opened) is not None
    with qtbot.waitSignal(opened.closed):
        press(question(opened), "Close and resume later")


def test_the_system_is_not_asked_back(opened, exports, qtbot):
    exports.begin()
    with qtbot.waitSignal(opened.closed):
        opened.end()
    assert exports.called("shutdown")
