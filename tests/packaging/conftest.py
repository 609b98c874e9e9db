"""The scripts of ``packaging`` are not part of the app: they are imported the way they import each other."""

import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGING = ROOT / "packaging"
SCRIPTS = {
    path.stem for path in PACKAGING.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
}


@pytest.fixture
def script(monkeypatch):
    """Import a script by name, such as ``frozen.platforms``; afresh for each test."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(PACKAGING))
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in SCRIPTS:
            del sys.modules[name]
