"""What the trial needs of this machine."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DEBIAN_PACKAGES = {
    "debootstrap": "debootstrap",
    "unshare": "util-linux",
    "ip": "iproute2",
    "dpkg-deb": "dpkg",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "lintian": "lintian",
    "appstreamcli": "appstream",
    "desktop-file-validate": "desktop-file-utils",
}
"""Programs, and the packages that have them."""


def missing() -> list[str]:
    """Say what keeps the trial from running here, a sentence each; empty when nothing does."""
    if not sys.platform.startswith("linux"):
        return ["The trial needs Linux."]
    said = []
    if os.geteuid() != 0:
        said.append("The trial makes whole systems and enters them: run 'sudo make dist-test'.")
    absent = [package for program, package in DEBIAN_PACKAGES.items() if not shutil.which(program)]
    if absent:
        said.append(f"Programs are missing: apt-get install {' '.join(absent)}")
    return said


def one_file(folder: Path, pattern: str) -> Path:
    """Find the only file of a kind among what was built.

    Raises:
        FileNotFoundError: There is none, or more than one.
    """
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        message = f"{folder} has {len(found)} files {pattern}, not one: run 'make dist' first."
        raise FileNotFoundError(message)
    return found[0]
