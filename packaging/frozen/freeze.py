"""Freezes the app: a build environment from the lock, PyInstaller, and stripped libraries."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from frozen import contents, icons, models, origin, platforms, windows

if TYPE_CHECKING:
    from pathlib import Path

ROOT = platforms.ROOT
BUILD = ROOT / "build"
ENVIRONMENT = BUILD / "freeze-venv"
LOCK = ROOT / "requirements-dist.lock"


def freeze(epoch: int, updates_url: str = "") -> Path:
    """Build the app's folder from scratch.

    Args:
        epoch: Seconds since 1970 that stand for the time of the build.
        updates_url: Where the app asks for updates; empty for nowhere.

    Returns:
        The folder, with the executable in it.

    Raises:
        subprocess.CalledProcessError: A step failed and said why.
    """
    python = provide_environment()
    icons.draw(python, BUILD / "icons")
    prepare_models()
    models.copy(ROOT / "models", BUILD / "models")
    origin.write(BUILD / "build.json", epoch, updates_url)
    if sys.platform == "win32":
        windows.write_version_info(BUILD / "version_info.txt")
    target = BUILD / "frozen"
    shutil.rmtree(target, ignore_errors=True)
    # PyInstaller caches compiled modules by their time; the order of sets decides their bytes.
    surroundings = os.environ | {"SOURCE_DATE_EPOCH": str(epoch), "PYTHONHASHSEED": "1"}
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        surroundings.pop(name, None)
    command = [
        *(python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--distpath", target, "--workpath", BUILD / "freeze-work", ROOT / "packaging" / "sightline.spec"),
    ]
    subprocess.run(command, check=True, cwd=BUILD, env=surroundings)
    shutil.rmtree(BUILD / "freeze-work", ignore_errors=True)
    folder = target / "sightline"
    if sys.platform.startswith("linux"):
        strip(folder)
    return folder


def prepare_models() -> None:
    """Make the built-in models ready in this checkout, where they are not.

    Raises:
        subprocess.CalledProcessError: One cannot be made, and it said why.
    """
    script = ROOT / "packaging" / "prepare_networks.py"
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, script], check=True, cwd=ROOT, env=surroundings)


def provide_environment() -> Path:
    """Make the environment to freeze: what the lock names and nothing else.

    Returns:
        Its Python.
    """
    python = python_of(ENVIRONMENT)
    stamp = ENVIRONMENT / "lock.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return python
    BUILD.mkdir(exist_ok=True)
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, ENVIRONMENT], check=True)
    install = ("pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes", "--python")
    subprocess.run([*uv, *install, python, LOCK], check=True)
    stamp.write_text(wanted, encoding="ascii")
    return python


def python_of(environment: Path) -> Path:
    """The Python of a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def strip(folder: Path) -> None:
    """Remove the symbol tables that nobody needs."""
    inside = folder / "_internal"
    libraries = [
        path
        for path in sorted(inside.rglob("*.so*"))
        if not path.is_symlink() and contents.is_stripped(path.relative_to(inside).as_posix())
    ]
    subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)  # noqa: S607 - of the system


def size(folder: Path) -> int:
    """Bytes of all files in a folder, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
