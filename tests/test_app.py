"""How problems are told that keep the window from opening."""

import ctypes
import sys
import types

import pytest

from desktop_app import app
from desktop_app.core.display import DisplayError


@pytest.fixture
def boxes(monkeypatch):
    """A display that cannot be used, on Windows; gives what its message boxes say."""
    shown = []

    def fail(**_options):
        raise DisplayError("The window cannot open.", "Reinstall Sightline.")

    user32 = types.SimpleNamespace(MessageBoxW=lambda _owner, text, title, _kind: shown.append((title, text)))
    monkeypatch.setattr(app, "prepare_display", fail)
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(user32=user32), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    return shown


def test_a_program_without_a_terminal_says_it_in_a_box(boxes, monkeypatch):
    monkeypatch.setattr(sys, "__stderr__", None)
    assert app.run_gui([]) == app.NO_DISPLAY
    assert boxes == [("Sightline", "The window cannot open. Reinstall Sightline.")]


def test_a_program_in_a_terminal_says_it_there_alone(boxes, capsys):
    assert app.run_gui([]) == app.NO_DISPLAY
    assert boxes == []
    assert capsys.readouterr().err == "The window cannot open. Reinstall Sightline.\n"
