"""Crashes and unexpected errors become a report that can be sent."""

from __future__ import annotations

import faulthandler
import os
from pathlib import Path

import pytest

from desktop_app import __version__
from desktop_app.core.installation.crash_report import crash_trace, error_report, take_last_crash, trace_file
from tests.torture import crashes


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGHTLINE_HOME", str(tmp_path))
    was_enabled = faulthandler.is_enabled()
    yield tmp_path
    if was_enabled:  # pytest's own
        faulthandler.enable()


def test_an_error_is_reported_with_versions_and_traceback_but_no_home():
    try:
        Path(Path.home(), "no such picture").read_bytes()
    except OSError as error:
        report = error_report(error)
    assert f"Sightline: {__version__}" in report
    assert "TensorFlow: " in report
    assert "FileNotFoundError" in report
    assert "in test_an_error_is_reported" in report
    assert "~/no such picture" in report
    assert str(Path.home()) + "/" not in report


def test_nothing_is_offered_after_a_good_run():
    assert take_last_crash() is None
    with crash_trace():
        assert faulthandler.is_enabled()
    assert not faulthandler.is_enabled()
    assert take_last_crash() is None


def test_a_trace_is_kept_through_the_next_start_and_offered_once():
    trace_file().parent.mkdir()
    trace_file().write_text("Fatal Python error: Segmentation fault\n")
    with crash_trace():
        assert "Segmentation fault" in take_last_crash()
        assert take_last_crash() is None
        with trace_file().open("a") as file:
            faulthandler.dump_traceback(file)
    assert "in test_a_trace_is_kept" in take_last_crash()


def test_a_place_that_cannot_be_written(home):
    (home / "logs").write_text("a file in the way")
    with crash_trace():
        assert faulthandler.is_enabled()
    assert take_last_crash() is None


@pytest.mark.skipif(os.name == "nt", reason="ends processes by signals")
def test_real_crashes_are_reported_at_the_next_start():
    assert "4 reported" in crashes.run(4)
