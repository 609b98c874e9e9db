"""Promise 12: a crash is reported at the next start, without the user's paths."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FULL = 20

CRASHES = {
    "segmentation fault": "import signal; signal.raise_signal(signal.SIGSEGV)",
    "segmentation fault in a second thread": (
        "import signal; from threading import Thread;"
        "thread = Thread(target=signal.raise_signal, args=(signal.SIGSEGV,)); thread.start(); thread.join()"
    ),
    "abort": "import os; os.abort()",
    "division error": "import signal; signal.raise_signal(signal.SIGFPE)",
}
"""Ways to end a process that no exception handler sees: the signals of real crashes, asked for."""

_DIE = """
import sys
from desktop_app.core.installation.crash_report import crash_trace, take_last_crash
with crash_trace():
    assert take_last_crash() is None
    from victim import fall
    fall()
"""
_NEXT_START = """
from desktop_app.core.installation.crash_report import crash_trace, take_last_crash
with crash_trace():
    first, second = take_last_crash(), take_last_crash()
    assert second is None
    print(first)
"""


def run(count: int) -> str:
    """Crash ``count`` real processes, and read what the next start of each offers.

    Returns:
        The sentence with the figures.
    """
    for number in range(count):
        kind = list(CRASHES)[number % len(CRASHES)]
        with tempfile.TemporaryDirectory(prefix="sightline-crash-") as folder:
            _one_crash(Path(folder), kind)
    return (
        f"{count} crashes of {min(count, len(CRASHES))} kinds: {count} reported at the next start, "
        "0 with the user's path."
    )


def _one_crash(folder: Path, kind: str) -> None:
    # The crashing code lies in the user's home, so that its path stands in the raw trace.
    home = folder / "home" / getpass.getuser()
    home.mkdir(parents=True)
    (home / "victim.py").write_text(f"def fall():\n    {CRASHES[kind]}\n")
    environment = os.environ | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "SIGHTLINE_HOME": str(home / "sightline"),
        "PYTHONPATH": os.pathsep.join([str(home), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    died = _python(_DIE, environment)
    assert died.returncode < 0, f"{kind}: the process survived with {died.returncode}: {died.stderr}"
    raw = (home / "sightline/logs/crash-trace.txt").read_text()
    assert str(home) in raw, f"{kind}: the trace does not hold the path that is to be scrubbed: {raw}"
    following = _python(_NEXT_START, environment)
    assert following.returncode == 0, f"{kind}: {following.stderr}"
    report = following.stdout
    assert "The last run of Sightline crashed:" in report, f"{kind}: nothing offered: {report}"
    assert '"~/victim.py", line 2 in fall' in report, f"{kind}: the place is missing: {report}"
    assert "Sightline: " in report, f"{kind}: the versions are missing: {report}"
    assert str(home) not in report, f"{kind}: the home folder is in the report: {report}"
    assert f"/{getpass.getuser()}/" not in report, f"{kind}: the user's name is in the report: {report}"


def _python(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
