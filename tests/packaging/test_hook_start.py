"""What the packaged app does before anything else, done by another Python."""

import subprocess
import sys

from tests.packaging.conftest import PACKAGING

SCRIPT = """
import runpy, sys
sys.stdout = None if "stdout" in sys.argv else sys.stdout
sys.stderr = None if "stderr" in sys.argv else sys.stderr
runpy.run_path(sys.argv[1])
sys.stdout.write("said\\n")
sys.stderr.write("complained\\n")
sys.stdout.flush()
"""


def run(*missing):
    command = [sys.executable, "-c", SCRIPT, PACKAGING / "frozen" / "hook_start.py", *missing]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return ended.stdout, ended.stderr


def test_what_a_program_without_a_terminal_prints_goes_nowhere_instead_of_failing():
    assert run("stdout", "stderr") == ("", "")


def test_what_can_be_read_is_left_alone():
    assert run() == ("said\n", "complained\n")
    assert run("stdout") == ("", "complained\n")
