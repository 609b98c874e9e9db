import sys

import pytest
from PySide6.QtCore import QProcess, QStandardPaths
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from desktop_app.ui.common.notify import Notifier


@pytest.fixture
def asked(monkeypatch):
    """What the system is asked to do; it has neither a program nor a tray."""
    calls = []
    monkeypatch.setattr(QApplication, "alert", lambda window, *_: calls.append(("alert", window)))
    monkeypatch.setattr(QStandardPaths, "findExecutable", lambda _name: "")
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)

    def start(program, words):
        calls.append((program, words))
        return True, 1

    monkeypatch.setattr(QProcess, "startDetached", start)
    return calls


@pytest.fixture
def widget(qtbot):
    result = QWidget()
    qtbot.addWidget(result)
    return result


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the program is Linux's")
def test_the_program_of_the_desktop_is_asked(asked, widget, monkeypatch):
    monkeypatch.setattr(QStandardPaths, "findExecutable", lambda name: f"/usr/bin/{name}")
    assert Notifier().notify(widget, "--help", "<b>pets</b> & more")
    (program, words) = asked[-1]
    assert program == "/usr/bin/notify-send"
    assert words[words.index("--") + 1 :] == ["--help", "&lt;b&gt;pets&lt;/b&gt; &amp; more"]


def test_the_tray_shows_it_where_there_is_one(asked, widget, monkeypatch, qapp):
    shown = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _self: None)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _self, *words: shown.append(words[:2]))
    notifier = Notifier(qapp)
    assert notifier.notify(widget, "Title", "Text")
    assert shown == [("Title", "Text")]
    notifier.withdraw()
    notifier.deleteLater()


def test_the_task_bar_is_marked_in_any_case(asked, widget):
    notifier = Notifier()
    assert not notifier.notify(widget, "Title", "Text")
    assert asked == [("alert", widget)]
    notifier.withdraw()
