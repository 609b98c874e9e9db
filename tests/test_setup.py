"""Set-up knows what it needs, names what is missing, and leaves a ready environment alone."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"


@pytest.fixture
def scripts(monkeypatch):
    """Import the scripts the way they import each other."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    yield importlib.import_module("setup_environment"), importlib.import_module("system_packages")
    for name in ("setup_environment", "system_packages"):
        del sys.modules[name]


def test_uv_is_cut_out_of_the_lock_with_its_hashes(scripts):
    lines = scripts[0].locked("uv").splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 1
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:])
    assert not lines[-1].endswith("\\")


@pytest.mark.parametrize("changed", ["requirements-dev.lock", "pyproject.toml"])
def test_the_stamp_follows_what_the_environment_depends_on(scripts, changed, tmp_path, monkeypatch):
    setup = scripts[0]
    before = setup.Stamp.wanted()
    assert setup.Stamp.wanted() == before
    copy = tmp_path / changed
    copy.write_bytes((ROOT / changed).read_bytes() + b"\n")
    monkeypatch.setattr(setup, "LOCK" if changed.endswith("lock") else "PROJECT", copy)
    after = setup.Stamp.wanted()
    assert after.python == before.python
    assert after.packages != before.packages


def test_a_moved_environment_is_made_again(scripts, tmp_path, monkeypatch):
    setup = scripts[0]
    before = setup.Stamp.wanted()
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    assert setup.Stamp.wanted().python != before.python


@pytest.mark.parametrize("content", [None, "", "one line", "only\ntwo", "four\nlines\nare\nhere"])
def test_a_missing_or_damaged_stamp_counts_as_none(scripts, content, tmp_path, monkeypatch):
    stamp = tmp_path / "stamp"
    if content is not None:
        stamp.write_text(content, encoding="ascii")
    monkeypatch.setattr(scripts[0], "STAMP", stamp)
    assert scripts[0].Stamp.present() is None


def test_a_ready_environment_is_left_alone(scripts, tmp_path, monkeypatch):
    setup = scripts[0]
    monkeypatch.setattr(setup, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(setup, "PYTHON", Path(sys.executable))
    setup.Stamp.wanted().write()
    monkeypatch.setattr(setup, "run", lambda *command: pytest.fail(f"ran {command}"))
    setup.provide_environment()


def test_models_that_are_not_ready_are_made_ready(scripts, tmp_path, monkeypatch):
    setup = scripts[0]
    monkeypatch.setattr(setup, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(setup, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(setup, "MODELS", (tmp_path,))
    (tmp_path / "card.json").write_bytes(b"{}")
    setup.Stamp.wanted().write()
    ran = []
    monkeypatch.setattr(setup, "run", lambda *command: ran.append(command))
    setup.provide_environment()
    assert ran == [(setup.PYTHON, setup.PREPARE)]
    (tmp_path / "openvino.json").write_bytes(b"{}")
    setup.provide_environment()
    assert len(ran) == 1


def test_nothing_keeps_byte_code_from_being_written(scripts, monkeypatch):
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONPATH", "PIP_TARGET"):
        monkeypatch.setenv(name, "1")
    assert not {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONPATH", "PIP_TARGET"} & set(
        scripts[0].environment()
    )


def test_missing_libraries_are_named_where_they_cannot_be_installed(scripts, monkeypatch, capsys):
    setup, system = scripts
    monkeypatch.setattr(system, "install", lambda packages: False)
    monkeypatch.setattr(system, "QT", (system.Library("libnowhere.so.9", "libnowhere9"),))
    monkeypatch.setattr(system.sys, "platform", "linux")
    with pytest.raises(setup.SetupError, match=r"sudo apt-get install .*libnowhere9"):
        setup.provide_system_packages(for_tests=False)


def test_the_window_s_own_libraries_are_enough(scripts, monkeypatch, capsys):
    setup, system = scripts
    monkeypatch.setattr(system, "install", lambda packages: False)
    monkeypatch.setattr(system, "QT", ())
    monkeypatch.setattr(system, "QT_ON_X11", (system.Library("libnowhere.so.9", "libnowhere9"),))
    monkeypatch.setattr(system.sys, "platform", "linux")
    setup.provide_system_packages(for_tests=False)
    assert "libnowhere9" in capsys.readouterr().err


def test_an_unsuitable_python_is_named(tmp_path):
    for name in ("dirname", "cat"):
        (tmp_path / name).symlink_to(shutil.which(name))
    old = tmp_path / "python3"
    old.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n', encoding="ascii"
    )
    old.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON"}
    result = subprocess.run(
        ["/bin/sh", str(PACKAGING / "setup.sh")],
        env=environment | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert result.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13" in result.stderr
    assert "this machine has Python 3.9.2" in result.stderr
