"""The locks fit pyproject.toml, the guides name what is there, and no file leads to a particular index."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
LONGEST = 500
"""Lines of a module; one that grows beyond has more than one reason to change."""


@cache
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked(name: str) -> list[Requirement]:
    """Read the pins of a lock, without their hashes and comments."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert all(line.count("--hash=sha256:") >= 1 for line in lines)
    return [Requirement(line.split(" --hash")[0].strip()) for line in lines]


def pins(name: str) -> dict[str, list[Version]]:
    """Map each package of a lock to its versions; there are several where Python versions differ."""
    found: dict[str, list[Version]] = {}
    for requirement in locked(name):
        (pin,) = requirement.specifier
        assert pin.operator == "=="
        found.setdefault(requirement.name.lower(), []).append(Version(pin.version))
    return found


def assert_satisfied(wanted: list[str], lock: str) -> None:
    found = pins(lock)
    for text in wanted:
        requirement = Requirement(text)
        versions = found.get(requirement.name.lower())
        assert versions, f"{text} is not in {lock}: run make lock"
        assert all(version in requirement.specifier for version in versions), f"{lock} is older than {text}"


def not_needed() -> list[str]:
    """Names of the packages that others ask for without need."""
    lines = (ROOT / "packaging" / "not_needed.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_what_the_project_needs(lock):
    assert_satisfied(project()["dependencies"], lock)


def test_the_development_lock_holds_the_tools_too():
    assert_satisfied(project()["optional-dependencies"]["dev"], "requirements-dev.lock")


def test_both_locks_agree():
    development = pins("requirements-dev.lock")
    for name, versions in pins("requirements.lock").items():
        assert development[name] == versions


def test_keras_is_not_older_than_its_last_known_hole():
    # A layer's name could lead older versions out of their folder, and more; see docs/promises.md, promise 7.
    assert min(pins("requirements.lock")["keras"]) >= Version("3.15.1")


@pytest.mark.parametrize("lock", [*LOCKS, "requirements-dist.lock"])
def test_no_lock_holds_what_nobody_needs(lock):
    text = (ROOT / lock).read_text(encoding="utf-8").lower()
    assert {"cmake", "openvino-telemetry"} == set(not_needed())
    assert not [name for name in not_needed() if re.search(rf"\b{re.escape(name)}\b", text)]


def test_what_nobody_needs_is_not_installed():
    installed = {one.name.lower().replace("_", "-") for one in distributions()}
    assert "openvino" in installed
    assert not installed & set(not_needed())
    assert importlib.util.find_spec("openvino_telemetry") is None


def test_the_environment_of_the_benchmarks_does_without_them_too():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    installs = [line for line in makefile.splitlines() if re.search(r"\buv pip (install|compile)\b", line)]
    assert len(installs) >= 3
    for line in installs:
        assert "--excludes packaging/not_needed.txt" in line or "--no-deps" in line, line


def test_nothing_names_a_package_index():
    option = re.compile(r"(index-url|find-links|trusted-host|extra-index|\bindex\s*=\s*\"http)")
    for name in (*LOCKS, "pyproject.toml", ".ci/run", "packaging/setup.sh", "packaging/setup_environment.py"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            assert not option.search(line), f"{name}: {line}"


def test_modules_stay_short():
    lengths = {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("desktop_app", "packaging", "tests")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert not {path: length for path, length in lengths.items() if length > LONGEST}
    own = sorted(length for path, length in lengths.items() if path.parts[0] == "desktop_app")
    assert own[len(own) // 2] < 150


def test_the_guide_lists_every_benchmark():
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    names = {path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py")}
    assert set(re.findall(r"^- `(\w+)[^`]*`:", guide, re.MULTILINE)) == names
