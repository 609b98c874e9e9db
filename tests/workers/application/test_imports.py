"""Modules are imported in a thread of their own, which ends with them."""

from __future__ import annotations

import sys
import threading

import pytest

from desktop_app.workers.application.imports import Imports

TIMEOUT = 60_000


@pytest.fixture
def made(qtbot):
    """Makes `Imports` and ends its thread after the test."""
    all_made = []

    def make(*modules):
        all_made.append(Imports(modules))
        return all_made[-1]

    yield make
    for imports in all_made:
        assert imports.shutdown(60)


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module that notes the thread that imports it; its name."""
    (tmp_path / "noted_by_imports.py").write_text("import threading\nWHERE = threading.get_ident()\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield "noted_by_imports"
    sys.modules.pop("noted_by_imports", None)


def test_another_thread_imports_the_modules_and_ends(qtbot, made, module):
    imports = made("colorsys", module)
    with qtbot.waitSignal(imports.ended, timeout=TIMEOUT):
        imports.begin()
    assert threading.get_ident() != sys.modules[module].WHERE
    qtbot.waitUntil(lambda: "not running" in repr(imports._lane), timeout=TIMEOUT)


def test_nothing_is_imported_before_it_begins(made, module):
    made(module)
    assert module not in sys.modules


def test_it_ends_also_when_nothing_was_begun_or_it_was_ended_before(made, module):
    imports = made(module)
    assert imports.shutdown()
    imports.begin()
    assert module not in sys.modules
