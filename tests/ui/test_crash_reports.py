"""Reports open one dialog at a time."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop_app.ui.crash_reports import CrashReports
from desktop_app.ui.dialogs.crash_dialog import CrashDialog


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def dialogs(window):
    return [dialog for dialog in window.findChildren(CrashDialog) if dialog.isVisible()]


def test_a_report_is_shown_over_the_window(window):
    CrashReports(window).show("versions and traceback")
    (dialog,) = dialogs(window)
    assert dialog.findChild(QPlainTextEdit).toPlainText() == "versions and traceback"


def test_a_repeated_error_does_not_bury_the_screen(window):
    reports = CrashReports(window)
    for number in range(5):
        reports.show(f"report {number}")
    (dialog,) = dialogs(window)
    assert dialog.findChild(QPlainTextEdit).toPlainText() == "report 0"


def test_after_continue_the_next_one_is_shown(window):
    reports = CrashReports(window)
    reports.show("first")
    dialogs(window)[0].accept()
    assert window.isVisible()
    reports.show("second")
    (dialog,) = dialogs(window)
    assert dialog.findChild(QPlainTextEdit).toPlainText() == "second"


def test_quit_closes_the_window(window):
    CrashReports(window).show("report")
    dialogs(window)[0].done(CrashDialog.DialogCode.Rejected)
    assert not window.isVisible()


def test_a_window_that_is_gone_shows_nothing(window):
    window.hide()
    CrashReports(window).show("report")
    assert not dialogs(window)
