"""While a library is being mapped a lock is held, which `WorkerThread.begin` asks for."""

from __future__ import annotations

import types

from desktop_app.core.engine import libraries


def test_the_lock_is_held_while_a_library_is_being_mapped(monkeypatch, tmp_path):
    held = []

    def load(*_arguments):
        held.append(libraries.mapping.locked())

    class Load:
        """Stands in for a foreign function, which may be given a type of its result."""

        restype = None
        __call__ = staticmethod(load)

    loader = types.SimpleNamespace(dlopen=Load(), LoadLibraryW=Load())
    monkeypatch.setattr(libraries.ctypes, "CDLL", lambda _name: loader)
    monkeypatch.setattr(libraries.ctypes, "windll", types.SimpleNamespace(kernel32=loader), raising=False)
    libraries.map_library(tmp_path / "library.so")
    assert held == [True]
    assert not libraries.mapping.locked()
