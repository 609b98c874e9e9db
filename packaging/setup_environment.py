"""Makes ``.venv`` ready: system libraries, hash-locked packages with byte code, and Sightline itself.

Needs nothing but Python's standard library. Running it again costs a fraction of a second: the
packages are left alone while the lock, ``pyproject.toml``, the Python and the folder are the same.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import system_packages

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "sightline-setup"
LOCK = ROOT / "requirements-dev.lock"
PROJECT = ROOT / "pyproject.toml"
PREPARE = ROOT / "packaging" / "prepare_networks.py"
MODELS = tuple(ROOT / "models" / name for name in ("imagenet-small", "imagenet-better", "everyday"))
_CORE = ROOT / "desktop_app" / "core"
NETWORK_SOURCES = (
    *sorted((_CORE / "library" / "imagenet").glob("*.py")),
    *(_CORE / "library" / f"{name}.py" for name in ("built_in", "card", "imagenet_card", "imagenet_labels")),
    *(_CORE / "networks" / f"{name}.py" for name in ("efficientnet_lite", "input_spec", "opset")),
    *sorted((_CORE / "inference").glob("*.py")),
    _CORE / "classify" / "answering.py",
    ROOT / "models" / "everyday" / "card.json",
    ROOT / "models" / "everyday" / "model.keras",
    ROOT / "resources" / "imagenet_labels.csv",
    PREPARE,
)
"""What the built-in models are made of and made ready by."""


class SetupError(Exception):
    """Set-up cannot continue; the message says what the user has to do."""


@dataclass(frozen=True)
class Stamp:
    """What ``.venv`` was made from, kept in a file inside it.

    Attributes:
        python: Sum of the interpreter and the folder (scripts in ``bin`` hold its absolute path).
        packages: The checksum of the files that say what to install; empty until that is done.
        networks: The checksum of the files that make the built-in models ready; empty until that is done.
    """

    python: str
    packages: str = ""
    networks: str = ""

    @classmethod
    def wanted(cls) -> Stamp:
        """Describe the environment that this checkout needs now."""
        python = _sha256(f"{sys.version}\n{VENV}".encode())
        return cls(python, _sum_of(LOCK, PROJECT, Path(__file__)), _sum_of(*NETWORK_SOURCES))

    @classmethod
    def present(cls) -> Stamp | None:
        """Read what is there; None when it cannot be used."""
        try:
            python, packages, networks = STAMP.read_text(encoding="ascii").split("\n")
        except (OSError, ValueError):
            return None
        return cls(python, packages, networks) if PYTHON.exists() else None

    def write(self) -> None:
        """Note it down."""
        STAMP.write_text(f"{self.python}\n{self.packages}\n{self.networks}", encoding="ascii")


def _sum_of(*files: Path) -> str:
    return _sha256(b"".join(path.read_bytes() for path in files))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def environment() -> dict[str, str]:
    """Copy the environment without what redirects Python or keeps it from writing byte code."""
    hindrances = {
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPYCACHEPREFIX",
        "PYTHONHOME",
        "PYTHONPATH",
        "PIP_TARGET",
        "PIP_USER",
    }
    kept = {name: value for name, value in os.environ.items() if name not in hindrances}
    return kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}


def run(*command: str | Path) -> None:
    """Run a command in the project's folder; its output is the user's to see.

    Raises:
        subprocess.CalledProcessError: It failed.
    """
    subprocess.run(command, check=True, cwd=ROOT, env=environment())


def provide_system_packages(*, for_tests: bool) -> None:
    """Install missing system packages, or say which ones the user has to ask for.

    Qt's libraries for X11 and the tests' programs may stay missing: the one matters only on a
    display, the others only to the tests that say so themselves.

    Raises:
        SetupError: The window could not even be drawn into a file.
    """
    missing = system_packages.missing_packages(for_tests=for_tests)
    if not missing or system_packages.install(missing):
        return
    sentence = system_packages.request(missing)
    if any(library.is_missing() for library in system_packages.QT):
        raise SetupError(sentence)
    print(sentence, file=sys.stderr, flush=True)


def create_venv() -> None:
    """Make an empty virtual environment with pip.

    Raises:
        SetupError: This Python comes without ``venv`` or ``ensurepip``, as Debian's does.
    """
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        package = f"python3.{sys.version_info.minor}-venv"
        if not system_packages.install([package]):
            message = (
                f"{sys.executable} cannot make virtual environments. {system_packages.request([package])}"
            )
            raise SetupError(message)
    run(sys.executable, "-m", "venv", "--clear", VENV)


def locked(name: str) -> str:
    """Cut one package with its version and hashes out of the lock."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = next(number for number in range(start, len(lines)) if not lines[number].endswith("\\"))
    return "\n".join(lines[start : end + 1])


def install_packages() -> None:
    """Install exactly what the lock names, with byte code.

    uv, itself taken from the lock, does it in a third of pip's time. It does not read pip's
    configuration, so pip follows where only pip knows the way to a package index.

    Raises:
        SetupError: Neither could install the packages.
    """
    # The lock is complete, and without what a package only claims to need (not_needed.txt).
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps")
    try:
        with tempfile.TemporaryDirectory() as folder:
            only_uv = Path(folder) / "uv.lock"
            only_uv.write_text(locked("uv"), encoding="utf-8")
            run(*pip, "-r", only_uv)
        uv = VENV / "bin" / "uv"
        run(uv, "pip", "sync", "--python", PYTHON, "--compile-bytecode", "--require-hashes", LOCK)
    except (subprocess.CalledProcessError, OSError):
        print("uv could not install the packages; trying with pip, which takes a few minutes ...", flush=True)
        try:
            run(*pip, "-r", LOCK)
        except subprocess.CalledProcessError as error:
            message = (
                "The Python packages could not be installed; the reason is above. Set-up needs the package "
                "index once (about 1 GB): check the connection or the proxy and run make again."
            )
            raise SetupError(message) from error


def compile_packages() -> None:
    """Make sure that byte code is there: without it TensorFlow takes twice as long to import."""
    for init in VENV.glob("lib/python3*/site-packages/tensorflow/__init__.py"):
        if not Path(importlib.util.cache_from_source(str(init))).exists():
            compileall.compile_dir(init.parent.parent, quiet=2, workers=0)


def install_sightline() -> None:
    """Link this checkout into the environment, so that ``.venv/bin/sightline`` runs it."""
    pip = (PYTHON, "-m", "pip", "install", "--quiet")
    run(*pip, "--no-deps", "--no-index", "--no-build-isolation", "--editable", ROOT)


def provide_environment() -> None:
    """Make or renew ``.venv``; return at once when it is up to date.

    Raises:
        SetupError: A person has to do something first.
        subprocess.CalledProcessError: A step failed and said why.
    """
    wanted, present = Stamp.wanted(), Stamp.present()
    complete = all((folder / name).is_file() for folder in MODELS for name in ("card.json", "openvino.json"))
    if present == wanted and complete:
        return
    if present is None or (present.python, present.packages) != (wanted.python, wanted.packages):
        print("Setting up .venv (about 1 GB to download the first time) ...", flush=True)
        if present is None or present.python != wanted.python:
            create_venv()
        Stamp(wanted.python).write()
        install_packages()
        compile_packages()
        install_sightline()
        Stamp(wanted.python, wanted.packages).write()
    run(PYTHON, PREPARE)
    wanted.write()


def main() -> int:
    """Set up what is missing.

    Returns:
        The exit status: 0 when Sightline can run, 1 when it cannot.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tests", action="store_true", help="also install what the display tests need")
    arguments = parser.parse_args()
    sys.pycache_prefix = None  # Byte code belongs beside the packages, whatever the user's shell says.
    try:
        provide_system_packages(for_tests=arguments.tests)
        provide_environment()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
