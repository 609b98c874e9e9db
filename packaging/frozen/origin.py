"""What the app knows about its own build: the commit, its date, and where updates are published."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from frozen import platforms, tree

if TYPE_CHECKING:
    from pathlib import Path

_CHARACTERS = 12
"""Digits of a commit; enough to be unique."""


def write(path: Path, epoch: int, updates_url: str) -> None:
    """Write what `desktop_app.core.foundation.build_info` reads; the same for the same sources.

    Args:
        path: File to write.
        epoch: Seconds since 1970 that stand for the time of the build.
        updates_url: Where the newest version will be named; empty for nowhere.
    """
    known = {"commit": commit(), "date": tree.day(epoch), "updates_url": updates_url}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8", newline="\n")


def commit() -> str:
    """Beginning of the commit, with a ``+`` when files were changed since; empty outside of git."""
    found = _git("rev-parse", f"--short={_CHARACTERS}", "HEAD")
    return f"{found}+" if found and _git("status", "--porcelain", "--untracked-files=no") else found


def _git(*arguments: str) -> str:
    try:
        ended = subprocess.run(
            ["git", "-C", str(platforms.ROOT), *arguments],  # noqa: S607 - of the system
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return ended.stdout.strip() if ended.returncode == 0 else ""
