"""The real process: how it starts, hands over, ends and dies."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys

import pytest
from PIL import Image

from desktop_app.core.foundation import paths
from desktop_app.core.installation.logging_setup import LOG_FILE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends processes by signals")

PATIENCE = 180
"""Seconds; a start takes less than one, and one that draws a picture waits for TensorFlow."""


@contextlib.contextmanager
def started(*words):
    """Start the app; it is killed at the end of the body if it still runs."""
    command = [sys.executable, "-m", "desktop_app", *map(str, words)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_log(process, text, count=1):
    """Wait until the log file holds a text so many times; fail when the process ends before."""
    log = paths.logs() / LOG_FILE
    for _ in range(PATIENCE * 20):
        if log.exists() and log.read_text().count(text) >= count:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            pytest.fail(f"ended with {process.wait(0.05)}: {process.stderr.read()}")
    pytest.fail(f"'{text}' never came: {log.read_text()}")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_cleanly(number, status):
    with started() as process:
        wait_for_log(process, "The window is open.")
        process.send_signal(number)
        assert process.wait(PATIENCE) == status
        assert "Traceback" not in process.stderr.read()
    assert json.loads(paths.settings_file().read_text())["window_geometry"]
    assert f"ends with status {status}" in (paths.logs() / LOG_FILE).read_text()
    assert not (paths.home() / "instance.lock").exists()


def test_a_second_start_hands_its_pictures_over_and_ends(tmp_path):
    picture = tmp_path / "cat.png"
    Image.new("RGB", (40, 30)).save(picture)
    with started() as first:
        wait_for_log(first, "The window is open.")
        with started(picture) as second:
            assert second.wait(PATIENCE) == 0
            assert "already running" in second.stderr.read()
        wait_for_log(first, "1 source from a second start")
        first.send_signal(signal.SIGINT)
        assert first.wait(PATIENCE) == 130


def test_a_second_start_turns_the_window_to_a_pane():
    with started("window", "--pane", "models") as first:
        wait_for_log(first, "The window is open.")
        with started("--pane", "train") as second:
            assert second.wait(PATIENCE) == 0
        wait_for_log(first, "0 sources from a second start, pane train")
        first.send_signal(signal.SIGINT)
        assert first.wait(PATIENCE) == 130


def test_a_crash_is_offered_at_the_next_start_once():
    with started() as process:
        wait_for_log(process, "The window is open.")
        process.send_signal(signal.SIGSEGV)
        assert process.wait(PATIENCE) == -signal.SIGSEGV
    assert "Segmentation fault" in (paths.logs() / "crash-trace.txt").read_text()
    for opened in (2, 3):
        with started() as process:
            wait_for_log(process, "The window is open.", opened)
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 130
    assert (paths.logs() / LOG_FILE).read_text().count("The last run crashed") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_without_a_display_it_says_what_to_do(monkeypatch):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with started() as process:
        assert process.wait(PATIENCE) == 2
        said = process.stderr.read()
    assert "There is no display" in said
    assert "sightline classify" in said
    assert not paths.home().exists()


@pytest.mark.engine
def test_a_picture_of_the_window_without_a_display(tmp_path, monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    Image.new("RGB", (40, 30), (250, 0, 0)).save(tmp_path / "red.png")
    with started(tmp_path / "red.png", "--screenshot", tmp_path / "shot.png", "--theme", "dark") as process:
        assert process.wait(PATIENCE) == 0, process.stderr.read()
    with Image.open(tmp_path / "shot.png") as shot:
        assert shot.width >= 640
        red, green, blue = shot.convert("RGB").getpixel((2, shot.height - 2))
    assert max(red, green, blue) < 100
    assert {path.name for path in tmp_path.iterdir()} <= {"red.png", "shot.png"}  # no settings, no log
