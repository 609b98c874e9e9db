"""The guards fail the tests that they should fail, and no others."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

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
