"""Promise 15, for OpenVINO: with its telemetry beside it, nothing is looked up, sent or left behind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from desktop_app.core.foundation import paths

FULL = 20

TELEMETRY = "openvino-telemetry==2025.2.0"
"""What pip installs beside the OpenVINO of our lock."""

_PLAIN = "import openvino; openvino.Core()"
_OURS = """
import sys
from pathlib import Path
from desktop_app.core.health.openvino import check_openvino
print(check_openvino(Path(sys.argv[1])))
"""
"""Import, `Core()`, a network written, read and compiled, and a result."""

_TRACED = "trace=%network,openat"
_CALL = re.compile(r"\b(?:connect|sendto|sendmsg)\(.*\bAF_INET6?\b.*|\bopenat\(.*\"/etc/resolv\.conf\".*")
"""A connection, what is sent without one, or the first step of a look-up."""


def run(count: int, telemetry: Path | None = None) -> str:
    """Start ``count`` processes that compute with OpenVINO, every other one the command ``classify``.

    An import of OpenVINO without our help shows first that what it would do is noticed.

    Args:
        count: How many.
        telemetry: A folder with a stand-in for the telemetry; by default, the published package is installed.

    Returns:
        The sentence with the figures, or why nothing was tried.
    """
    if reason := _cannot_trace():
        return f"Not tried: {reason}"
    with tempfile.TemporaryDirectory(prefix="sightline-nothing-sent-") as name:
        folder = Path(name)
        if telemetry is None:
            telemetry = folder / "installed"
            if not _install(telemetry):
                return f"Not tried: {TELEMETRY} cannot be installed."
        calls, left = _watch([sys.executable, "-c", _PLAIN], folder / "plain", telemetry)
        reached, found = len(calls), len(left)
        assert calls, "the telemetry reaches for nothing, so nothing is shown by this"
        assert left, "the telemetry leaves nothing behind, so nothing is shown by this"
        pictures = sorted((paths.resources() / "samples").glob("*.jpg"))
        for number in range(count):
            home = folder / str(number)
            words = ["-c", _OURS, home / "network"]
            if number % 2:
                words = ["-m", "desktop_app", "classify", pictures[0]]
            calls, left = _watch([sys.executable, *words], home, telemetry)
            assert not calls, f"start {number}: {calls[0]}"
            assert not left, f"start {number}: {left[0]} was left in the home folder"
    return (
        f"{count} starts with OpenVINO's telemetry installed: 0 look-ups, 0 connections, 0 files in the home "
        f"folder. A plain import of OpenVINO: {reached} calls that reach for the network, {found} files."
    )


def _cannot_trace() -> str:
    if shutil.which("strace") is None:
        return "strace is not installed."
    tried = subprocess.run(["strace", "-qq", "true"], capture_output=True, text=True, check=False)
    return "strace may not watch processes here." if tried.returncode else ""


def _install(target: Path) -> bool:
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--target", target]
    return subprocess.run([*command, TELEMETRY], capture_output=True, check=False).returncode == 0


def _watch(command: list[str | Path], folder: Path, telemetry: Path) -> tuple[list[str], list[str]]:
    """Run a process in a home of its own.

    Returns:
        The calls that reach for the network, and the files in the home folder afterwards.
    """
    home, log = folder / "home", folder / "strace.log"
    home.mkdir(parents=True)
    surroundings = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "USERPROFILE": str(home),
        "SIGHTLINE_HOME": str(folder / "sightline"),
        "PYTHONPATH": str(telemetry),
    }
    tracing = ["strace", "-f", "-qq", "-e", _TRACED, "-o", log]
    done = subprocess.run(
        [*tracing, *command], env=surroundings, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    text = log.read_text(encoding="utf-8", errors="replace")
    return _CALL.findall(text), [str(path.relative_to(home)) for path in home.rglob("*") if not path.is_dir()]
