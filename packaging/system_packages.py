"""System libraries and programs that Python packages cannot bring along, on Linux."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Library:
    """A shared library and the Debian and Ubuntu package that has it."""

    soname: str
    package: str

    def is_missing(self) -> bool:
        """Ask the dynamic loader, which also knows libraries outside of the package manager."""
        try:
            ctypes.CDLL(self.soname)
        except OSError:
            return True
        return False


QT = (
    Library("libgthread-2.0.so.0", "libglib2.0-0"),
    Library("libGL.so.1", "libgl1"),
    Library("libEGL.so.1", "libegl1"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
    Library("libfontconfig.so.1", "libfontconfig1"),
    Library("libfreetype.so.6", "libfreetype6"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
)
"""What Qt loads even without a display."""

QT_ON_X11 = (
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
)
"""What Qt's xcb platform plug-in needs besides."""

TEST_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool"}
"""Programs for the tests with a real window, and their packages."""


def missing_packages(*, for_tests: bool) -> list[str]:
    """List the Debian packages of everything missing; empty on systems other than Linux."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [library.package for library in (*QT, *QT_ON_X11) if library.is_missing()]
    if for_tests:
        missing += [package for program, package in TEST_PROGRAMS.items() if not shutil.which(program)]
    return missing


def install(packages: list[str]) -> bool:
    """Install packages with apt-get where that needs no password.

    Returns:
        False when there is no apt-get, no right to use it, or when it failed.
    """
    if not shutil.which("apt-get"):
        return False
    administrator: list[str] = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if administrator and not _probe([*administrator, "true"]):
        return False
    print(f"Installing system packages: {' '.join(packages)} ...", flush=True)
    apt = [*administrator, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*apt, "update"], check=False)  # An old list may still do, so the installation decides.
    names = map(_current_name, packages)
    done = subprocess.run([*apt, "install", "-y", "--no-install-recommends", *names], check=False)
    return done.returncode == 0


def request(packages: list[str]) -> str:
    """Phrase what the user has to install where `install` may not."""
    names = " ".join(packages)
    return (
        f"Sightline needs system packages that only an administrator can install: {names} "
        f"(Debian, Ubuntu: sudo apt-get install {names}; elsewhere the packages have similar names)."
    )


def _current_name(package: str) -> str:
    """Debian 13 and Ubuntu 24.04 renamed libraries whose time stamps became 64-bit."""
    renamed = f"{package}t64"
    return renamed if _probe(["apt-cache", "show", renamed]) else package


def _probe(command: list[str]) -> bool:
    """Run a command silently; return whether it exists and succeeded."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
