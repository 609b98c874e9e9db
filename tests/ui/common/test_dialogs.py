from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget

from desktop_app.core.settings import Settings
from desktop_app.ui.common import folders
from desktop_app.ui.common.dialogs import confirm
from desktop_app.ui.dialogs.crash_dialog import CrashDialog
from desktop_app.ui.dialogs.preferences_dialog import PreferencesDialog
from desktop_app.ui.dialogs.shortcuts_dialog import ShortcutsDialog


def press(root, text):
    (found,) = [button for button in root.findChildren(QPushButton) if button.text() == text]
    found.click()


def test_the_details_of_a_crash_can_be_copied(qtbot):
    dialog = CrashDialog("Traceback: ValueError")
    qtbot.addWidget(dialog)
    press(dialog, "Copy details")
    assert QGuiApplication.clipboard().text() == "Traceback: ValueError"


@pytest.mark.parametrize(
    ("text", "result"), [("Continue", QDialog.DialogCode.Accepted), ("Quit", QDialog.DialogCode.Rejected)]
)
def test_a_crash_dialog_tells_whether_to_go_on(qtbot, text, result):
    dialog = CrashDialog("x")
    qtbot.addWidget(dialog)
    QTimer.singleShot(0, lambda: press(dialog, text))
    assert dialog.exec() == result


def test_escape_puts_a_crash_dialog_away_and_does_not_quit(qtbot):
    dialog = CrashDialog("x")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == CrashDialog.DialogCode.Accepted
    assert not dialog.isVisible()


def test_preferences_tell_every_change(qtbot):
    dialog = PreferencesDialog(Settings())
    qtbot.addWidget(dialog)
    told = []
    dialog.settings_changed.connect(told.append)
    dialog._theme.setCurrentIndex(2)
    dialog._theme.activated.emit(2)
    dialog._fit.setCurrentIndex(2)
    dialog._fit.activated.emit(2)
    dialog._hosts.click()
    assert told[-1] == Settings(theme="dark", fit="crop", allow_private_hosts=True)


@pytest.mark.parametrize("sure", [True, False])
def test_removed_models_are_deleted_for_good_only_after_a_question(qtbot, monkeypatch, sure):
    monkeypatch.setattr("desktop_app.ui.dialogs.preferences_dialog.confirm", lambda *_: sure)
    dialog = PreferencesDialog(Settings())
    qtbot.addWidget(dialog)
    told = []
    dialog.empty_trash_requested.connect(lambda: told.append("empty"))
    press(dialog, "Empty trash…")
    assert told == (["empty"] if sure else [])


def test_preferences_show_what_is_set(qtbot):
    dialog = PreferencesDialog(Settings(theme="light", fit="squash", allow_private_hosts=True))
    qtbot.addWidget(dialog)
    assert dialog._theme.currentData() == "light"
    assert dialog._fit.currentData() == "squash"
    assert dialog._hosts.isChecked()


class SmallScreen:
    """The screen of a tablet at twice the size."""

    def availableGeometry(self):
        return QRect(0, 0, 640, 480)


def test_on_a_small_screen_the_buttons_stay_in_sight_and_the_rest_scrolls(qtbot, monkeypatch):
    dialog = PreferencesDialog(Settings())
    monkeypatch.setattr(dialog, "screen", SmallScreen)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.height() < 480
    bar = dialog._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    (close,) = [button for button in dialog.findChildren(QPushButton) if button.text() == "Close"]
    assert dialog.rect().contains(close.geometry())


def test_where_there_is_room_nothing_scrolls(qtbot, monkeypatch):
    dialog = PreferencesDialog(Settings())
    monkeypatch.setattr(SmallScreen, "availableGeometry", lambda _self: QRect(0, 0, 1600, 1200))
    monkeypatch.setattr(dialog, "screen", SmallScreen)
    qtbot.addWidget(dialog)
    dialog.show()
    bar = dialog._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    assert dialog.width() == 560


def test_folders_are_made_and_shown(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(folders.QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    assert folders.open_folder(tmp_path / "new")
    assert Path(opened[0].toLocalFile()) == tmp_path / "new"
    assert (tmp_path / "new").is_dir()


def test_every_shortcut_of_the_menus_is_listed(window, qtbot):
    dialog = ShortcutsDialog(window.menuBar())
    qtbot.addWidget(dialog)
    texts = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"Open pictures", "Ctrl+O", "Keyboard shortcuts", "Full screen", "F11", "Left, Right"} <= texts


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_a_question_is_answered_no_by_habit(qtbot, key):
    parent = QWidget()
    qtbot.addWidget(parent)
    QTimer.singleShot(0, lambda: qtbot.keyClick(QApplication.activeModalWidget(), key))
    assert not confirm(parent, "Title", "Text", "Do it")


def test_a_question_can_be_answered_yes(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    QTimer.singleShot(0, lambda: press(QApplication.activeModalWidget(), "Do it"))
    assert confirm(parent, "Title", "<b>Text</b>", "Do it")
