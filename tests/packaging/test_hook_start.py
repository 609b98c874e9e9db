"""What the packaged app does before anything else, done by another Python."""

import os
import subprocess
import sys
from pathlib import Path

import certifi
import pytest

from tests.packaging.conftest import PACKAGING

LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG", "DYLD_LIBRARY_PATH_ORIG")

SCRIPT = """
import runpy, sys
sys._MEIPASS = "bundle"  # as PyInstaller does
sys.stdout = None if "stdout" in sys.argv else sys.stdout
sys.stderr = None if "stderr" in sys.argv else sys.stderr
runpy.run_path(sys.argv[1])
sys.stdout.write("said\\n")
sys.stderr.write("complained\\n")
sys.stdout.flush()
"""
SURROUNDINGS = """
import os, runpy, sys
sys._MEIPASS = "bundle"
runpy.run_path(sys.argv[1])
print([os.environ.get(name) for name in ("SSL_CERT_FILE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")])
print("certifi" in sys.modules)
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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has certificates and no such variables")
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, [str(Path("bundle", "certifi", "cacert.pem")), None, None]),
        ({"SSL_CERT_FILE": "mine.pem"}, ["mine.pem", None, None]),
        (
            {"SSL_CERT_FILE": "mine.pem", "LD_LIBRARY_PATH": "bundle", "LD_LIBRARY_PATH_ORIG": "mine"},
            ["mine.pem", "mine", None],
        ),
    ],
)
def test_children_get_the_user_s_libraries_and_the_app_its_certificates_without_an_import(given, found):
    kept = {name: value for name, value in os.environ.items() if name not in {"SSL_CERT_FILE", *LIBRARIES}}
    command = [sys.executable, "-c", SURROUNDINGS, PACKAGING / "frozen" / "hook_start.py"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=kept | given)
    assert ended.stdout.splitlines() == [str(found), "False"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such variables")
def test_the_app_itself_starts_afresh_as_a_child():
    script = f"{SURROUNDINGS}\nprint(os.environ['PYINSTALLER_RESET_ENVIRONMENT'])"
    command = [sys.executable, "-c", script, PACKAGING / "frozen" / "hook_start.py"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.splitlines()[-1] == "1"


def test_the_certificates_lie_where_the_hook_looks_for_them():
    place = Path(certifi.where())
    assert place.parts[-2:] == ("certifi", "cacert.pem")
