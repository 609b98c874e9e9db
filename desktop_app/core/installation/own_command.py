"""The command line that starts Sightline once more."""

from __future__ import annotations

import sys


def own_command(*words: str) -> list[str]:
    """Make the command that starts this very installation as another process.

    In the packaged app ``sys.executable`` is the app itself, elsewhere it is Python.

    Args:
        words: Arguments after the program's name, such as ``serve --port 0``.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    return [sys.executable, "-m", "desktop_app", *words]
