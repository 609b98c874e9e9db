"""Measuring in fresh processes, where nothing is loaded yet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def fresh(module: str, *words: object, environment: dict[str, str] | None = None) -> Any:
    """Run ``python -m module`` without a display; returns what the last line of its output says in JSON.

    Raises:
        subprocess.CalledProcessError: It failed; its own words are on standard error.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, words)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=_environment() | (environment or {}),
    )
    return json.loads(done.stdout.splitlines()[-1])


def seconds_until(line: str, command: Sequence[object], environment: dict[str, str] | None = None) -> float:
    """Start a process in an empty home; returns the seconds from its start until it prints a certain line.

    Args:
        line: What the line begins with; anything before is skipped. The process is ended after it.
        command: Program and arguments.
        environment: Added to that of this process.

    Raises:
        RuntimeError: The process ended without it.
    """
    with tempfile.TemporaryDirectory(prefix="sightline-bench-home-") as home:
        variables = _environment() | {"SIGHTLINE_HOME": home} | (environment or {})
        began = time.perf_counter()
        with subprocess.Popen(
            [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=variables
        ) as process:
            assert process.stdout is not None
            for said in process.stdout:
                if said.startswith(line):
                    taken = time.perf_counter() - began
                    process.kill()
                    return taken
    message = f"{' '.join(map(str, command))} ended before it printed '{line}'."
    raise RuntimeError(message)


def _environment() -> dict[str, str]:
    """Without a display; and with byte code, as everybody has it who starts the app a second time."""
    variables = {"QT_QPA_PLATFORM": "offscreen"} | os.environ
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables
