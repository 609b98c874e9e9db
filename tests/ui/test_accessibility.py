"""Every control has a name for a screen reader and can be reached with the Tab key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollBar,
    QWidget,
)

from desktop_app.ui.dialogs.about_dialog import AboutDialog
from desktop_app.ui.dialogs.crash_dialog import CrashDialog
from desktop_app.ui.dialogs.preferences_dialog import PreferencesDialog
from desktop_app.ui.dialogs.shortcuts_dialog import ShortcutsDialog
from desktop_app.ui.export.export_dialog import ExportDialog
from desktop_app.ui.library.class_list_dialog import ClassListDialog
from desktop_app.ui.library.labels_dialog import LabelsDialog
from desktop_app.ui.library.pixels.pixels_dialog import PixelsDialog
from desktop_app.workers.library.library_worker import LabelsNeeded
from tests.ui.fake_exports import FakeExports
from tests.ui.fake_training import report, run
from tests.ui.fakes import card, entry, missing_vgg19
from tests.ui.library.test_models_pane import pixels_question
from tests.ui.panes import open_pane

CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QProgressBar)
INNER = ("QComboBoxListView", "QTableCornerButton", "QHeaderView", "QLineEditIconButton", "QMenuBarExtension")


def is_control(widget):
    inner = any(widget.inherits(name) for name in INNER) or widget.objectName().startswith("qt_")
    return isinstance(widget, CONTROLS) and not isinstance(widget, QScrollBar) and not inner


def nameless(root):
    found = []
    for widget in root.findChildren(QWidget):
        if is_control(widget):
            interface = QAccessible.queryAccessibleInterface(widget)
            if not interface.text(QAccessible.Text.Name).strip():
                found.append(widget)
    return found


def fill_all_panes(window, library, training):
    """Make every pane and put something into each."""
    training.change_runs(run("r2", state="interrupted", epochs=3), run("r1"))
    library.change(entry(), missing_vgg19(), entry("x", "X", origin="imported", verified=False))
    for index in range(len(window._entries)):
        window._panes.made(index)
        window.show_pane(index)
    training.end_scan(report())


def test_every_control_of_the_window_has_a_name(window, session, library, training):
    session.add_files("a.jpg", "b.jpg")
    session.answer(1, 0.9, 0.05, 0.02, 0.01, 0.01)
    fill_all_panes(window, library, training)
    training.undo_available.emit("Removed a run.")
    training.begin()
    training.end_epoch(1)
    training.end()
    assert len(window.findChildren(QAbstractButton)) > 20
    assert nameless(window) == []


@pytest.mark.parametrize(
    "make",
    [
        AboutDialog,
        lambda window: CrashDialog("ValueError: x", window),
        lambda window: PreferencesDialog(window._store.settings, window),
        lambda window: ShortcutsDialog(window.menuBar(), window),
        lambda window: ClassListDialog(card(), window),
        lambda window: LabelsDialog(LabelsNeeded(window._store._path, 3), window),
        lambda window: PixelsDialog(pixels_question(), window),
        lambda window: ExportDialog(FakeExports(), entry(), window),
    ],
)
def test_every_control_of_a_dialog_has_a_name(window, make):
    dialog = make(window)
    dialog.show()
    assert nameless(dialog) == []
    dialog.close()


def test_the_answer_is_told_with_rank_percentage_and_synset(window, session):
    session.add_files("a.jpg")
    session.answer(1, 0.831, 0.1)
    bars = window._classify._work._panel._answer._bars
    assert bars[0].accessibleName() == "1: cat, 83.1%"
    assert bars[0].accessibleDescription() == "n00000001"
    assert "n00000001" in bars[0].toolTip()


@pytest.mark.parametrize("pane", ["Classify", "Batch", "Train", "Runs", "Models"])
def test_tab_reaches_every_enabled_control(window, session, library, training, pane):
    session.add_files("a.jpg")
    session.answer(1, 0.9, 0.1)
    session.progress_changed.emit(1, 3)
    fill_all_panes(window, library, training)
    open_pane(window, pane)
    window.activateWindow()
    QApplication.processEvents()
    wanted = {
        widget
        for widget in window.findChildren(QWidget)
        if is_control(widget)
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    }
    reached = set()
    for _ in range(len(wanted) + 20):
        window.focusNextPrevChild(True)
        reached.add(window.focusWidget())
    assert wanted
    # Of the buttons of the rail, Tab reaches the chosen one and the arrow keys the others.
    left = {
        widget for widget in wanted - reached if not (isinstance(widget, QAbstractButton) and widget.group())
    }
    assert left == set()


def test_arrow_keys_turn_the_panes(window, qtbot):
    window._rail._group.button(0).setFocus()
    qtbot.keyClick(window._rail._group.button(0), Qt.Key.Key_Down)
    assert window._panes.shown == 1


def test_nothing_that_can_be_clicked_is_out_of_reach_of_the_keyboard(window, session, library, training):
    session.add_files("a.jpg")
    fill_all_panes(window, library, training)
    outside = [
        button
        for button in window.findChildren(QAbstractButton)
        if is_control(button) and not button.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert outside == []
