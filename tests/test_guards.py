"""The guards fail the tests that they should fail, and no others."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop_app.core.engine.libraries import loading
from tests.import_guard import ImportGuard

ROOT = Path(__file__).resolve().parent.parent

INNER_TESTS = """
import logging, threading, warnings
from PySide6.QtCore import QThread
from tests import guards
from tests.guards import no_leaked_threads, no_unexpected_logs

guards.PATIENCE_MS = 1000
stop = threading.Event()
kept = []

def teardown_module():
    stop.set()
    for thread in kept:
        thread.quit()
        thread.wait()

def test_good_nothing():
    pass

def test_good_python_thread_that_ends():
    threading.Thread(target=stop.is_set).start()

def test_bad_python_thread_that_stays():
    threading.Thread(target=stop.wait, args=(60,), daemon=True).start()

def test_good_qthread_that_is_stopped(qapp):
    thread = QThread()
    thread.start()
    thread.quit()
    thread.wait()

def test_bad_qthread_that_stays(qapp):
    kept.append(QThread())
    kept[0].start()

def test_bad_log():
    logging.getLogger("somewhere").warning("strange")

def test_good_information_in_the_log():
    logging.getLogger("somewhere").info("fine")

def test_good_log_that_the_test_reads(caplog):
    logging.getLogger("somewhere").warning("expected")

def test_bad_python_warning():
    warnings.warn("old", DeprecationWarning)
"""


def test_the_guards_fail_what_they_should(tmp_path):
    inner = tmp_path / "test_inner.py"
    inner.write_text(INNER_TESTS, encoding="utf-8")
    config = ["-c", str(ROOT / "pyproject.toml"), "--noconftest", "-p", "no:cacheprovider"]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *config, "-rfE", str(inner)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    report = [line for line in result.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    wrong = {line.split("::")[1].split(" ")[0] for line in report}
    assert wrong == set(re.findall(r"def (test_bad\w+)", INNER_TESTS)), result.stdout
    for reason in (
        "left running: [<Thread(",
        "QThread(",
        "WARNING somewhere: strange",
        "DeprecationWarning: old",
    ):
        assert reason in result.stdout


def try_to_import(name):
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(name)


def in_a_thread(function, *arguments):
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    thread.join()


def test_an_import_in_a_thread_beside_the_loader_is_a_stray():
    with ImportGuard("tests.absent") as guard:
        in_a_thread(try_to_import, "tests.absent.one")
    assert len(guard.strays) == 1
    assert guard.strays[0].startswith(f"tests.absent, by {__name__}, line ")


def test_imports_by_the_main_thread_and_the_loader_are_none():
    def load():
        with loading:
            try_to_import("tests.absent")

    with ImportGuard("tests.absent") as guard:
        try_to_import("tests.absent")
        in_a_thread(load)
        in_a_thread(try_to_import, "tests.absent_too")
    assert guard.strays == []
