from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

import desktop_app
from desktop_app.ui.common.files import file_dialog, places
from desktop_app.ui.common.files.file_chooser import FileChooser
from desktop_app.ui.common.files.file_dialog import FileDialog, system_has_dialog
from desktop_app.ui.common.files.filters import patterns_of, short_name, split_filters

QUESTIONS = {
    "getOpenFileName": lambda parent: FileDialog.open_file(parent, "t", "/s", "f"),
    "getOpenFileNames": lambda parent: FileDialog.open_files(parent, "t", "/s", "f"),
    "getSaveFileName": lambda parent: FileDialog.save_file(parent, "t", "/s", "f"),
    "getExistingDirectory": lambda parent: FileDialog.open_folder(parent, "t", "/s"),
}


@pytest.fixture(autouse=True)
def forgetful():
    places.forget()
    yield
    places.forget()


@pytest.fixture
def window(qtbot, light):
    result = QWidget()
    qtbot.addWidget(result)
    result.show()
    return result


@pytest.fixture
def user(qtbot):
    """Have the user do something in the dialog that is about to open."""
    seen = []

    def does(what):
        def act():
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, FileChooser)
            seen.append(dialog._wanted)
            what(dialog)

        QTimer.singleShot(0, act)
        return seen

    return does


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_dialog_of_the_system_is_used_where_there_is_one(window, monkeypatch, name):
    asked = []
    monkeypatch.setattr(file_dialog, "system_has_dialog", lambda: True)
    monkeypatch.setattr(QFileDialog, name, lambda *words: asked.append(words[1:]) or "answer")
    assert QUESTIONS[name](window) == "answer"
    assert asked[0][:2] == ("t", "/s")


def test_nothing_else_opens_the_dialog_of_qt():
    package = Path(desktop_app.__file__).parent
    uses = [path.name for path in package.rglob("*.py") if "QFileDialog" in path.read_text(encoding="utf-8")]
    assert uses == ["file_dialog.py"]


def test_without_a_desktop_there_is_none(qapp):
    assert not system_has_dialog()


def test_a_file_to_save_begins_where_it_is_proposed(window, user, tmp_path):
    seen = user(lambda dialog: dialog._accept.click())
    assert FileDialog.save_file(window, "Export", str(tmp_path / "a.csv"), "CSV (*.csv);;JSON (*.json)") == (
        str(tmp_path / "a.csv"),
        "CSV (*.csv)",
    )
    assert (seen[0].folder, seen[0].name) == (tmp_path, "a.csv")


def test_the_next_dialog_begins_where_the_last_one_ended(window, user, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.jpg").touch()
    seen = user(lambda dialog: dialog._take([tmp_path / "inner" / "a.jpg"]))
    assert FileDialog.open_files(window, "Open") == ([str(tmp_path / "inner" / "a.jpg")], "All files (*)")
    user(lambda dialog: dialog.reject())
    assert FileDialog.open_file(window, "Open") == ("", "")
    user(lambda dialog: dialog._accept.click())
    assert FileDialog.open_folder(window, "Open", "/gone") == str(tmp_path)
    assert [wanted.folder for wanted in seen] == [tmp_path, tmp_path / "inner", tmp_path]


def test_filters():
    assert split_filters("A (*.a *.b);;All files (*)") == ["A (*.a *.b)", "All files (*)"]
    assert split_filters("") == ["All files (*)"]
    assert patterns_of("A (x) (*.a *.b)") == ("*.a", "*.b")
    assert patterns_of("Anything") == ("*",)
    assert short_name("A (*.a *.b)") == "A (*.a *.b)"
    assert short_name("Pictures (*.a *.b *.c *.d *.e)") == "Pictures"
