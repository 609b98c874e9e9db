import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton

from desktop_app.ui.closing import SavingDialog
from tests.ui.fake_training import training_result


def question(window):
    return window.findChild(QMessageBox)


def press(root, text):
    (found,) = [button for button in root.findChildren(QPushButton) if button.text() == text]
    found.click()


@pytest.fixture
def asked(window, training):
    """The window after an attempt to close it during a fit."""
    training.begin()
    window.close()
    return window


def test_a_training_is_asked_about_before_the_window_closes(asked, training):
    assert asked.isVisible()
    assert question(asked).isVisible()
    assert training.called("shutdown") == []


def test_it_is_asked_once(asked):
    asked.close()
    asked.close()
    assert len(asked.findChildren(QMessageBox)) == 1


def test_keep_training_leaves_everything_as_it_is(asked, training):
    box = question(asked)
    press(box, "Keep training")
    assert not box.isVisible()
    assert asked.isVisible()
    assert training.called("stop") == training.called("shutdown") == []
    asked.close()
    assert any(other.isVisible() for other in asked.findChildren(QMessageBox))


def test_escape_goes_on_training(asked, training, qtbot):
    qtbot.keyClick(question(asked), Qt.Key.Key_Escape)
    assert asked.isVisible()
    assert training.called("shutdown") == []


def test_close_and_resume_later_interrupts_the_fit(asked, training, qtbot):
    with qtbot.waitSignal(asked.closed):
        press(question(asked), "Close and resume later")
    assert not asked.isVisible()
    assert training.called("stop") == []
    assert training.called("shutdown")


def test_stop_and_save_waits_until_the_model_is_saved(asked, training, library, qtbot):
    press(question(asked), "Stop and save")
    assert training.called("stop") == [()]
    assert training.called("shutdown") == []
    assert not asked.isVisible()
    assert asked._later.closing._saving.isVisible()
    with qtbot.waitSignal(asked.closed):
        training.end(training_result("stopped"))
    assert library.called("refresh") == [()]
    assert training.called("shutdown")
    assert asked._later.closing._saving is None


def test_nobody_has_to_wait_for_the_model(asked, training, qtbot):
    press(question(asked), "Stop and save")
    with qtbot.waitSignal(asked.closed):
        press(asked._later.closing._saving, "Close now")
    assert training.called("shutdown")


def test_the_wait_for_the_model_has_an_end(asked, training, qtbot):
    press(question(asked), "Stop and save")
    with qtbot.waitSignal(asked.closed):
        asked._later.closing._patience.timeout.emit()
    assert training.called("shutdown")


def test_a_training_that_ends_meanwhile_takes_the_question_with_it(asked, training, qtbot):
    box = question(asked)
    training.end()
    assert not box.isVisible()
    assert asked.isVisible()
    with qtbot.waitSignal(asked.closed):
        asked.close()


def test_the_system_is_not_asked_back(window, training, qtbot):
    training.begin()
    with qtbot.waitSignal(window.closed):
        window.end()
    assert question(window) is None
    assert training.called("stop") == []
    assert training.called("shutdown")


def test_the_system_may_end_the_app_during_the_question(asked, training, qtbot):
    with qtbot.waitSignal(asked.closed):
        asked.end()
    assert training.called("shutdown")


def test_without_a_training_nothing_is_asked(window, qtbot):
    with qtbot.waitSignal(window.closed):
        window.close()


def test_closing_the_small_dialog_closes_the_app(qtbot):
    dialog = SavingDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.leave_requested):
        dialog.close()
