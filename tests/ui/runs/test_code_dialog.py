"""The code of a run is shown, copied and saved."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from desktop_app.core.foundation.errors import Reason
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.runs.code_dialog import CodeDialog
from desktop_app.ui.runs.runs_pane import RunsPane
from tests.ui.fake_training import FakeCode, run


@pytest.fixture
def code(qapp):
    return FakeCode()


@pytest.fixture
def dialog(qtbot, code, light):
    dialog = CodeDialog(code, run("r1", "Pets"))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_it_opens_before_the_code_is_there(dialog, code):
    assert code.calls == [("write", "r1")]
    assert dialog.windowTitle() == "Code of Pets"
    assert dialog._text.placeholderText() == "Writing the code…"
    assert not dialog._copy.isEnabled()
    assert not dialog._save.isEnabled()


def test_the_code_is_shown_and_copied(dialog, code):
    code.written.emit("another", "other", ())
    assert dialog._text.toPlainText() == ""
    code.written.emit("r1", "import keras\n", ("The run is not finished.",))
    assert dialog._text.toPlainText() == "import keras\n"
    assert dialog._text.isReadOnly()
    assert dialog._told.isVisible()
    assert "The run is not finished." in dialog._told.text()
    dialog._copy.click()
    assert QGuiApplication.clipboard().text() == "import keras\n"
    assert dialog._copy.text() == "Copied"


def test_it_is_saved_in_a_new_folder(dialog, code, tmp_path, monkeypatch):
    code.written.emit("r1", "import keras\n", ())
    assert not dialog._told.isVisible()
    monkeypatch.setattr(FileDialog, "save_file", lambda *_given: ("", ""))
    dialog._save.click()
    assert code.calls == [("write", "r1")]
    monkeypatch.setattr(FileDialog, "save_file", lambda *_given: (str(tmp_path / "code"), ""))
    dialog._save.click()
    assert code.calls[-1] == ("save", "r1", tmp_path / "code")
    assert not dialog._save.isEnabled()
    code.saved.emit("There is something there already.", False)
    assert dialog._save.isEnabled()
    assert dialog._told.property("tone") == "danger"


def test_a_run_without_code_says_why(dialog, code):
    code.failed.emit("r1", Reason("It ended too early.", "Resume it."))
    assert "It ended too early." in dialog._told.text()
    assert dialog._text.placeholderText() == ""
    assert not dialog._copy.isEnabled()


def test_the_runs_pane_opens_it_for_runs_that_can_be_read(qtbot, training, light):
    training.runs = (run("r2", problem="run.json is missing."), run("r1", "Pets"))
    pane = RunsPane(training)
    qtbot.addWidget(pane)
    pane.resize(900, 600)
    pane.show()
    pane._list.choose("r2")
    assert not pane._actions.code.isVisible()
    pane._list.choose("r1")
    assert pane._actions.code.isVisible()
    pane._actions.code.trigger()
    dialog = pane.findChild(CodeDialog)
    assert dialog is not None
    assert training.code.calls == [("write", "r1")]
    dialog.accept()
