"""The spec, run with stand-ins for what PyInstaller gives it: all branches, on any system."""

import sys
import types

import pytest

from tests.packaging.conftest import PACKAGING


class Bundler:
    """PyInstaller's names, which note how they are called."""

    def __init__(self):
        self.called = []

    def names(self):
        names = {name: self._note(name) for name in ("PYZ", "EXE", "COLLECT", "BUNDLE")}
        return names | {"Analysis": self._analysis, "SPECPATH": str(PACKAGING)}

    def _note(self, name):
        def call(*values, **named):
            self.called.append((name, values, named))
            return name

        return call

    def _analysis(self, scripts, **named):
        self.called.append(("Analysis", scripts, named))
        return types.SimpleNamespace(
            binaries=[("PIL/_imaging.pyd", "anywhere/_imaging.pyd", "EXTENSION")],
            datas=[("resources/a.png", "anywhere/a.png", "DATA"), ("numpy/a.pyi", "anywhere/a.pyi", "DATA")],
            pure=[("PIL.Image", "anywhere/Image.py", "PYMODULE")],
            scripts=[],
        )


@pytest.fixture
def freeze(script, monkeypatch):
    def run(system):
        monkeypatch.setattr(sys, "platform", system)
        script("frozen.platforms")  # takes the system's name when it is loaded
        bundler = Bundler()
        path = PACKAGING / "sightline.spec"
        exec(compile(path.read_text(encoding="utf-8"), path, "exec"), bundler.names())
        return bundler.called

    return run


@pytest.mark.parametrize(
    ("system", "programs", "bundled"),
    [("linux", 1, False), ("win32", 2, False), ("darwin", 1, True)],
)
def test_each_system_gets_its_programs_in_one_folder(freeze, system, programs, bundled):
    called = freeze(system)
    names = [name for name, _values, _named in called]
    assert names == ["Analysis", "PYZ", *["EXE"] * programs, "COLLECT", *["BUNDLE"] * bundled]
    for name, values, named in called:
        if name == "EXE":
            assert named["exclude_binaries"] is True
            assert named["name"].startswith("sightline")
            assert ("icon" in named) == (system != "linux")  # which PyInstaller would warn of
        if name == "COLLECT":
            assert values[:programs] == ("EXE",) * programs
            assert named["name"] == "sightline"
            places = [place for place, _source, _kind in values[programs + 1]]
            assert "resources/a.png" in places
            assert "numpy/a.pyi" not in places
            assert any(place.startswith("pillow-") for place in places)


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_pyqtgraph_gets_what_it_imports_by_name(script, system):
    needed = {"PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"}
    assert needed <= set(script("frozen.platforms").hidden_imports(system))
    assert not needed & set(script("frozen.contents").MODULES)


def test_desktops_portals_are_for_linux_alone(script):
    hidden_imports = script("frozen.platforms").hidden_imports
    assert "PySide6.QtDBus" in hidden_imports("linux")
    assert "PySide6.QtDBus" not in hidden_imports("win32")
    assert "PySide6.QtDBus" not in hidden_imports("darwin")
