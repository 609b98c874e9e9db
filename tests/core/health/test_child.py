"""Processes of the self-test are heard, limited in time and never left behind."""

from __future__ import annotations

import sys

import pytest

from desktop_app.core.health import child
from desktop_app.core.health.checks import CheckFailed
from desktop_app.core.health.child import Child


@pytest.fixture
def start(tmp_path, monkeypatch):
    """`start(code)` stands for a process of the app, which here is Python with some code."""
    monkeypatch.setattr(child, "own_command", lambda *words: [sys.executable, "-c", *words])
    return lambda code, **options: Child(code, output=tmp_path / "said.txt", **options)


def test_it_is_heard_and_waited_for(start):
    with start("import os; print('It listens on port 80.', os.environ['WORD'])", WORD="ä") as process:
        assert process.wait_for("port [0-9]+") == "port 80"
        process.wait()


def test_what_it_said_last_is_named_when_it_fails(start):
    with (
        start("import sys; sys.exit('No plugin was found.')") as process,
        pytest.raises(CheckFailed) as caught,
    ):
        process.wait()
    assert "ended with status 1 and said: No plugin was found." in str(caught.value)
    assert caught.value.advice


def test_an_end_in_place_of_the_word_that_is_waited_for(start):
    with (
        start("print('nothing')") as process,
        pytest.raises(CheckFailed, match="ended at once with status 0"),
    ):
        process.wait_for("port")


def test_one_that_does_not_end_is_killed_after_its_time(start):
    endless = start("import time; time.sleep(600)", limit=0.2)
    with endless, pytest.raises(CheckFailed, match="not done within 0 seconds"):
        endless.wait()
    assert endless._process.returncode not in {None, 0}


@pytest.mark.skipif(sys.platform == "win32", reason="asking is ending there")
def test_it_may_end_in_its_own_way(start):
    code = (
        "import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit({status}))\n"
        "print('ready', flush=True)\nwhile True: signal.pause()"
    )
    with start(code.format(status=0)) as process:
        process.wait_for("ready")
        process.stop()
    with start(code.format(status=3)) as process:
        process.wait_for("ready")
        with pytest.raises(CheckFailed, match="status 3"):
            process.stop()


def test_a_failure_beside_it_ends_it(start):
    with pytest.raises(KeyboardInterrupt), start("import time; time.sleep(600)") as process:
        raise KeyboardInterrupt
    assert process._process.returncode is not None
