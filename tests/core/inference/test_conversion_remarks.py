"""The terminal gets nothing of a conversion but what others wrote meanwhile."""

from __future__ import annotations

import os

import pytest

from desktop_app.core.inference import conversion


def test_remarks_are_dropped_and_everything_else_comes_after(capfd):
    with conversion.without_remarks():
        os.write(2, b"I0000 00:00:1 devices.cc:67] Number of eligible GPUs: 0\nan error of ours\n")
        os.write(2, b"WARNING: All log messages before absl::InitializeLog() is called\n")
    os.write(2, b"later\n")
    assert capfd.readouterr().err == "an error of ours\nlater\n"


def test_what_fails_meanwhile_gives_the_terminal_back(capfd):
    with pytest.raises(ValueError, match="a defect"), conversion.without_remarks():
        raise ValueError("a defect")
    os.write(2, b"later\n")
    assert capfd.readouterr().err == "later\n"


def test_without_a_terminal_nothing_happens(monkeypatch):
    monkeypatch.setattr(conversion, "_STDERR", 9999)
    with conversion.without_remarks():
        pass
