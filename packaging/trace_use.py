"""Lists the files of the frozen app that nothing opens: candidates for `frozen.contents`.

Run it after ``make dist``: ``python packaging/trace_use.py``. It runs the self-test, every recipe and the
window under strace (apt-get install strace), which takes some minutes, and lists the rest by size. That a
file is not opened here proves nothing: read what it is for before excluding it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from PIL import Image

from frozen import platforms

APP = platforms.ROOT / "build" / "frozen" / "sightline"
_OPENED = re.compile(r'(?:openat|execve)\([^"]*"((?:[^"\\]|\\.)*)".* = (?:\d+|0)')
"""A call that succeeded, and the path that it was given."""
CLASSES, PICTURES_PER_CLASS, SIDE = 3, 20, 32


def main() -> int:
    """Trace, then list.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--least", type=float, default=0.1, metavar="MB", help="list larger ones only (0.1)")
    options = parser.parse_args()
    opened: set[Path] = set()
    with tempfile.TemporaryDirectory(prefix="sightline-trace-") as name:
        folder = Path(name)
        data = folder / "data"
        draw(data)
        for words in commands(data, folder / "window.png"):
            print(" ".join(map(str, words)), flush=True)
            opened |= trace(words, folder)
    for size, place in unopened(APP / "_internal", opened):
        if size >= options.least * 1e6:
            print(f"{size / 1e6:9.2f} MB  {place}")
    return 0


def commands(data: Path, picture: Path) -> list[list[str | Path]]:
    """Everything that the app can do without a network."""
    listed = subprocess.run(
        [APP / "sightline", "recipes", "--format", "json"], capture_output=True, check=True
    )
    recipes = [recipe["id"] for recipe in json.loads(listed.stdout)]
    return [
        ["doctor", "--self-test"],
        ["window", "--screenshot", picture],
        *(["train", data, "--recipe", recipe, "--epochs", "1"] for recipe in recipes),
    ]


def trace(words: list[str | Path], folder: Path) -> set[Path]:
    """Run the app and return the real paths of all files that it opened, whether it succeeded or not."""
    log = folder / "strace.log"
    command = ["strace", "-f", "-qq", "-s", "4096", "-e", "trace=openat,execve", "-o", log]
    surroundings = os.environ | {
        "SIGHTLINE_HOME": str(folder / "home"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    done = subprocess.run([*command, APP / "sightline", *words], env=surroundings, check=False)
    if done.returncode:
        print(f"  ended with status {done.returncode}", file=sys.stderr)
    return {Path(path).resolve() for path in opened_in(log.read_text(encoding="utf-8", errors="replace"))}


def opened_in(log: str) -> list[str]:
    """The paths of the calls of a log that succeeded."""
    return [match[1] for line in log.splitlines() if (match := _OPENED.search(line))]


def unopened(folder: Path, opened: set[Path]) -> list[tuple[int, str]]:
    """Sum up what nothing opened: single libraries and large files, and the rest of each folder.

    Args:
        folder: The bundle's folder.
        opened: Real paths.

    Returns:
        Bytes and place, the largest first.
    """
    sizes: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.resolve() not in opened:
            place = path.relative_to(folder)
            single = ".so" in path.name or path.stat().st_size > 1e6
            sizes[str(place if single else place.parent / "*")] += path.stat().st_size
    return [(size, place) for place, size in sizes.most_common()]


def draw(folder: Path) -> None:
    """Draw a small data set of noise."""
    noise = random.Random(0)  # noqa: S311 - pictures, no secrets
    for label in range(CLASSES):
        for number in range(PICTURES_PER_CLASS):
            path = folder / f"class {label}" / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.frombytes("RGB", (SIDE, SIDE), noise.randbytes(SIDE * SIDE * 3)).save(path)


if __name__ == "__main__":
    sys.exit(main())
