"""``make dist-twice``: builds once more after ``make dist``, and checks whether the bytes are the same."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from frozen import platforms

if TYPE_CHECKING:
    from pathlib import Path

BUILD, DIST = platforms.ROOT / "build", platforms.ROOT / "dist"
FROZEN, BEFORE = BUILD / "frozen", BUILD / "dist-before"
SHOWN = 50
"""How many differing names are printed."""


def main() -> int:
    """Note what the last build left, build again with the same arguments, and compare.

    Returns:
        0 when all is the same, 1 when something differs or the build fails, 2 when nothing was built before.
    """
    if not FROZEN.is_dir() or not (DIST / "SHA256SUMS").is_file():
        print("There is no build to compare with: run 'make dist' first.", file=sys.stderr)
        return 2
    before = {"frozen app": contents(FROZEN), "dist": contents(DIST)}
    shutil.rmtree(BEFORE, ignore_errors=True)
    DIST.rename(BEFORE)
    script = platforms.ROOT / "packaging" / "dist.py"
    built = subprocess.run([sys.executable, script, *sys.argv[1:]], check=False)
    if built.returncode:
        shutil.rmtree(DIST, ignore_errors=True)
        BEFORE.rename(DIST)
        print("The second build failed; dist/ holds the first one again.", file=sys.stderr)
        return 1
    now = {"frozen app": contents(FROZEN), "dist": contents(DIST)}
    found = {what: differences(before[what], now[what]) for what in now}
    for what, lines in found.items():
        print(f"{what}: {len(now[what])} files, {len(lines) or 'none'} of them different")
        print("".join(f"  {line}\n" for line in lines[:SHOWN]), end="")
    if any(found.values()):
        print(f"What was built before lies in {BEFORE.relative_to(platforms.ROOT)}.")
        return 1
    shutil.rmtree(BEFORE)
    return 0


def contents(folder: Path) -> dict[str, str]:
    """What a folder holds: each file's place to its mode and sum, or to what a link leads to."""
    return {
        path.relative_to(folder).as_posix(): _described(path)
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def differences(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """List the differences in the order of the paths; empty if there are none."""
    differences = []
    for place in sorted(before.keys() | now.keys()):
        if place not in now:
            differences.append(f"gone     {place}")
        elif place not in before:
            differences.append(f"new      {place}")
        elif before[place] != now[place]:
            differences.append(f"changed  {place}")
    return differences


def _described(path: Path) -> str:
    if path.is_symlink():
        return f"leads to {os.readlink(path)}"  # noqa: PTH115 - as it stands there
    with path.open("rb") as file:
        return f"{path.stat().st_mode:o} {hashlib.file_digest(file, 'sha256').hexdigest()}"


if __name__ == "__main__":
    sys.exit(main())
